package io.understudy.core.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.ledger.Ledger.Claim;
import io.understudy.core.ledger.Ledger.Written;
import io.understudy.core.node.NodeName;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every {@link Ledger} must do. Three voters: 0 and 1 are the nodes, 2 the witness. */
public abstract class LedgerContract {

    protected static final NodeName ALPHA = NodeName.of("alpha");
    protected static final NodeName BETA = NodeName.of("beta");
    protected static final InstanceName NMS = InstanceName.of("nms");

    /** Returns the ledger as node {@code index} (0 is alpha, 1 is beta) uses it. */
    protected abstract Ledger ledger(int index);

    /** Stops or starts a voter; what it kept on disk stays. A node's ledger stays usable. */
    protected abstract void switchVoter(int index, boolean on) throws Exception;

    @Test
    void nothingWasWrittenAtFirst() {
        assertEquals(Optional.empty(), await(ledger(0).read(NMS)));
        Claim claim = await(ledger(0).claim(NMS, new Epoch(2)));
        assertEquals(new Claim(true, Optional.empty(), new Epoch(2)), claim);
    }

    @Test
    void whatWasWrittenIsReadByBothAndToldToTheNextTenure() {
        LedgerEntry first = entry(2, 0, ALPHA, ALPHA, BETA);
        LedgerEntry second = first.withInSync(Set.of(ALPHA));
        await(ledger(0).claim(NMS, new Epoch(2)));
        assertEquals(Written.STORED, await(ledger(0).write(first)));
        assertEquals(Written.STORED, await(ledger(0).write(second)));
        assertEquals(Optional.of(second), await(ledger(1).read(NMS)));
        Claim claim = await(ledger(1).claim(NMS, new Epoch(4)));
        assertTrue(claim.granted());
        assertEquals(Optional.of(second), claim.newest());
    }

    @Test
    void anEarlierTenureIsOverOnceALaterOneIsPromised() {
        await(ledger(0).claim(NMS, new Epoch(2)));
        await(ledger(0).write(entry(2, 0, ALPHA, ALPHA, BETA)));
        assertTrue(await(ledger(1).claim(NMS, new Epoch(3))).granted());
        assertEquals(Written.REFUSED, await(ledger(0).write(entry(2, 1, ALPHA, ALPHA))));
        Claim late = await(ledger(0).claim(NMS, new Epoch(2)));
        assertFalse(late.granted());
        assertEquals(new Epoch(3), late.promised());
        assertEquals(Optional.of(entry(2, 0, ALPHA, ALPHA, BETA)), await(ledger(0).read(NMS)));
    }

    @Test
    void anEpochBelongsToOneNode() {
        assertTrue(await(ledger(0).claim(NMS, new Epoch(5))).granted());
        Claim other = await(ledger(1).claim(NMS, new Epoch(5)));
        assertFalse(other.granted());
        assertEquals(new Epoch(5), other.promised());
        assertTrue(await(ledger(0).claim(NMS, new Epoch(5))).granted());
        assertEquals(Written.REFUSED, await(ledger(1).write(entry(5, 0, BETA, BETA))));
    }

    @Test
    void repeatingIsHarmlessAndContradictingIsRefused() {
        LedgerEntry entry = entry(2, 1, ALPHA, ALPHA, BETA);
        assertEquals(Written.STORED, await(ledger(0).write(entry)));
        assertEquals(Written.STORED, await(ledger(0).write(entry)));
        assertEquals(Written.REFUSED, await(ledger(0).write(entry(2, 1, ALPHA, ALPHA))));
        assertEquals(Written.REFUSED, await(ledger(0).write(entry(2, 0, ALPHA, ALPHA, BETA))));
        assertEquals(Optional.of(entry), await(ledger(0).read(NMS)));
    }

    @Test
    void instancesDoNotTouchOneAnother() {
        InstanceName aaa = InstanceName.of("aaa");
        await(ledger(0).claim(NMS, new Epoch(8)));
        assertTrue(await(ledger(1).claim(aaa, new Epoch(2))).granted());
        assertEquals(Optional.empty(), await(ledger(1).read(aaa)));
    }

    @Test
    void aMajorityIsEnoughWhicheverVoterIsMissing() throws Exception {
        for (int missing = 0; missing < 3; missing++) {
            long epoch = 2L * missing + 2;
            switchVoter(missing, false);
            assertTrue(await(ledger(0).claim(NMS, new Epoch(epoch))).granted());
            LedgerEntry entry = entry(epoch, 0, ALPHA, ALPHA, BETA);
            assertEquals(Written.STORED, await(ledger(0).write(entry)));
            assertEquals(Optional.of(entry), await(ledger(1).read(NMS)));
            switchVoter(missing, true);
        }
    }

    @Test
    void whatOneMajorityStoredAnotherMajorityKnows() throws Exception {
        LedgerEntry entry = entry(2, 0, ALPHA, ALPHA);
        switchVoter(1, false);
        await(ledger(0).claim(NMS, new Epoch(2)));
        assertEquals(Written.STORED, await(ledger(0).write(entry)));
        switchVoter(1, true);
        switchVoter(0, false);
        assertEquals(Optional.of(entry), await(ledger(1).claim(NMS, new Epoch(4))).newest());
        switchVoter(0, true);
        switchVoter(2, false);
        assertEquals(Written.REFUSED, await(ledger(0).write(entry.withInSync(Set.of(BETA)))));
    }

    @Test
    void withoutAMajorityEveryCallSaysSo() throws Exception {
        switchVoter(1, false);
        switchVoter(2, false);
        assertNoQuorum(ledger(0).read(NMS));
        assertNoQuorum(ledger(0).claim(NMS, new Epoch(2)));
        assertNoQuorum(ledger(0).write(entry(2, 0, ALPHA, ALPHA)));
        switchVoter(1, true);
        switchVoter(2, true);
        assertEquals(Written.STORED, await(ledger(0).write(entry(2, 0, ALPHA, ALPHA))));
    }

    /** An entry of nms. */
    protected static LedgerEntry entry(
            long epoch, long revision, NodeName writer, NodeName... inSync) {
        return new LedgerEntry(
                NMS,
                new Epoch(epoch),
                revision,
                writer,
                Set.of(inSync),
                writer,
                Reason.NORMAL,
                false,
                Set.of());
    }

    /** The result of a stage that must come well. */
    protected static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void assertNoQuorum(CompletionStage<?> stage) {
        ExecutionException e =
                assertThrows(
                        ExecutionException.class,
                        () -> stage.toCompletableFuture().get(10, TimeUnit.SECONDS));
        assertInstanceOf(NoQuorumException.class, e.getCause());
    }
}
