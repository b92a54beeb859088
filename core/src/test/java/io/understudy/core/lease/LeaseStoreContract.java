package io.understudy.core.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.node.NodeName;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What every {@link LeaseStore} promises. An adapter's test extends this class; the loss of the
 * majority comes last, since an adapter need not be able to undo it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
public abstract class LeaseStoreContract {

    private static final NodeName ALPHA = NodeName.of("alpha");
    private static final NodeName BETA = NodeName.of("beta");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SLACK = Duration.ofMillis(1500);

    /** Returns the store under test as a first member sees it. */
    protected abstract LeaseStore store();

    /** Returns the same registers as another member sees them. */
    protected abstract LeaseStore otherStore();

    /** Returns within which time every call completes. */
    protected abstract Duration limit();

    /** Takes the majority away from the member behind {@link #store()}, for good if need be. */
    protected abstract void loseMajority();

    @Test
    void anUnknownInstanceHasNoRecord() {
        assertEquals(Optional.empty(), await(store().read(fresh())));
    }

    @Test
    void theFirstClaimExpectsNothing() {
        InstanceName instance = fresh();
        LeaseRecord claim = LeaseRecord.claimed(ALPHA, new Epoch(2));

        assertTrue(await(store().compareAndSet(instance, Optional.empty(), claim)));

        assertEquals(Optional.of(claim), await(store().read(instance)));
    }

    @Test
    void aWriteAgainstAnotherRecordChangesNothing() {
        InstanceName instance = fresh();
        LeaseRecord claim = LeaseRecord.claimed(ALPHA, new Epoch(2));
        LeaseRecord other = LeaseRecord.claimed(BETA, new Epoch(4));
        await(store().compareAndSet(instance, Optional.empty(), claim));

        assertFalse(await(store().compareAndSet(instance, Optional.empty(), other)));
        assertFalse(await(store().compareAndSet(instance, Optional.of(claim.renewed()), other)));
        assertFalse(await(store().compareAndSet(instance, Optional.of(claim.released()), other)));

        assertEquals(Optional.of(claim), await(store().read(instance)));
    }

    @Test
    void aWriteAgainstNothingButARecordIsRefused() {
        LeaseRecord imagined = LeaseRecord.claimed(ALPHA, new Epoch(2));

        assertFalse(
                await(store().compareAndSet(fresh(), Optional.of(imagined), imagined.renewed())));
    }

    @Test
    void aReleasedRecordKeepsItsEpoch() {
        InstanceName instance = fresh();
        LeaseRecord claim = LeaseRecord.claimed(ALPHA, new Epoch(6));
        await(store().compareAndSet(instance, Optional.empty(), claim));

        assertTrue(await(store().compareAndSet(instance, Optional.of(claim), claim.released())));

        LeaseRecord seen = await(otherStore().read(instance)).orElseThrow();
        assertEquals(Optional.empty(), seen.holder());
        assertEquals(new Epoch(6), seen.epoch());
    }

    @Test
    void aReadSeesEveryCompletedWriteOfTheOthers() {
        InstanceName instance = fresh();
        Optional<LeaseRecord> before = Optional.empty();
        LeaseRecord next = LeaseRecord.claimed(ALPHA, new Epoch(2));
        for (int i = 0; i < 50; i++) {
            LeaseStore writer = i % 2 == 0 ? store() : otherStore();
            LeaseStore reader = i % 2 == 0 ? otherStore() : store();

            assertTrue(await(writer.compareAndSet(instance, before, next)));
            assertEquals(Optional.of(next), await(reader.read(instance)));

            before = Optional.of(next);
            next = next.renewed();
        }
    }

    @Test
    void ofTwoWhoWriteAtOnceExactlyOneWins() {
        InstanceName instance = fresh();
        Optional<LeaseRecord> before = Optional.empty();
        for (int i = 1; i <= 25; i++) {
            LeaseRecord mine = LeaseRecord.claimed(ALPHA, new Epoch(2L * i));
            LeaseRecord theirs = LeaseRecord.claimed(BETA, new Epoch(2L * i));
            CompletionStage<Boolean> first = store().compareAndSet(instance, before, mine);
            CompletionStage<Boolean> second = otherStore().compareAndSet(instance, before, theirs);

            boolean won = await(first);
            assertNotEquals(won, await(second), "round " + i);

            before = Optional.of(won ? mine : theirs);
            assertEquals(before, await(store().read(instance)));
        }
    }

    @Test
    void instancesDoNotShareARecord() {
        InstanceName one = fresh();
        InstanceName two = fresh();
        await(
                store().compareAndSet(
                                one, Optional.empty(), LeaseRecord.claimed(ALPHA, new Epoch(2))));

        assertEquals(Optional.empty(), await(store().read(two)));
    }

    @Test
    void stagesCompleteOnAThreadOfTheAdapter() {
        CompletableFuture<Thread> completedBy = new CompletableFuture<>();
        CompletionStage<Optional<LeaseRecord>> stage = store().read(fresh());
        stage.whenComplete((record, error) -> completedBy.complete(Thread.currentThread()));
        await(stage);

        // A stage that was complete before we attached runs us on our own thread; both are right.
        Thread thread = await(completedBy);
        assertTrue(
                thread == Thread.currentThread() || !thread.getName().startsWith("hz."),
                "completed on " + thread.getName());
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void withoutAMajorityEveryCallFailsWithinItsLimit() {
        InstanceName read = fresh();
        InstanceName written = fresh();
        await(store().read(read));
        await(store().read(written));
        loseMajority();

        long start = System.nanoTime();
        CompletionStage<Optional<LeaseRecord>> reading = store().read(read);
        CompletionStage<Boolean> writing =
                store().compareAndSet(
                                written,
                                Optional.empty(),
                                LeaseRecord.claimed(ALPHA, new Epoch(2)));
        Duration called = Duration.ofNanos(System.nanoTime() - start);

        assertInstanceOf(LeaseStoreUnavailableException.class, failure(reading));
        assertInstanceOf(LeaseStoreUnavailableException.class, failure(writing));
        Duration failed = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(called.compareTo(SLACK) < 0, "the calls blocked for " + called);
        assertTrue(failed.compareTo(limit().plus(SLACK)) < 0, "the calls took " + failed);
    }

    /** Returns an instance that nobody has used before. */
    protected static InstanceName fresh() {
        return InstanceName.of("i-" + UUID.randomUUID());
    }

    /** Waits for {@code stage} and returns its value. */
    protected static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("the call failed: " + e.getCause(), e.getCause());
        } catch (Exception e) {
            throw new AssertionError("no answer within " + PATIENCE, e);
        }
    }

    /** Waits for {@code stage} to fail and returns why it did. */
    protected static Throwable failure(CompletionStage<?> stage) {
        return assertThrows(
                        ExecutionException.class,
                        () ->
                                stage.toCompletableFuture()
                                        .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                .getCause();
    }
}
