package io.understudy.cluster.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.cp.CPGroupId;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.lease.LeaseStore;
import io.understudy.core.lease.LeaseStoreContract;
import io.understudy.core.lease.LeaseStoreUnavailableException;
import io.understudy.core.node.NodeName;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The lease store on three Hazelcast members keeps the contract. */
class HazelcastLeaseStoreTest extends LeaseStoreContract {

    private final LocalMembers members = new LocalMembers();
    private final LeaseThreads threads = new LeaseThreads();
    private HazelcastLeaseStore alpha;
    private HazelcastLeaseStore beta;

    @BeforeAll
    void start() {
        members.start();
        alpha = new HazelcastLeaseStore(members.get(0), NodeName.of("alpha"), limit(), threads);
        beta = new HazelcastLeaseStore(members.get(1), NodeName.of("beta"), limit(), threads);
    }

    @AfterAll
    void stop() {
        alpha.close();
        beta.close();
        threads.close();
        members.close();
    }

    @Override
    protected LeaseStore store() {
        return alpha;
    }

    @Override
    protected LeaseStore otherStore() {
        return beta;
    }

    @Override
    protected Duration limit() {
        return Duration.ofSeconds(3);
    }

    @Override
    protected void loseMajority() {
        members.kill(1);
        members.kill(2);
    }

    @Test
    @Order(0)
    void formsItsGroupsBeforeAnybodyAsks() throws Exception {
        CompletableFuture<String> own = new CompletableFuture<>();
        alpha.form(true, own::complete);
        beta.form(false, group -> own.completeExceptionally(new AssertionError(group)));
        assertEquals("leases-alpha", own.get(20, TimeUnit.SECONDS));
        Set<String> formed = Set.of();
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < end
                && !formed.containsAll(Set.of("lease-places", "leases-alpha"))) {
            Thread.sleep(50);
            formed =
                    members
                            .get(2)
                            .getCPSubsystem()
                            .getCPSubsystemManagementService()
                            .getCPGroupIds()
                            .toCompletableFuture()
                            .get(10, TimeUnit.SECONDS)
                            .stream()
                            .map(CPGroupId::getName)
                            .collect(Collectors.toSet());
        }
        assertTrue(formed.containsAll(Set.of("lease-places", "leases-alpha")), formed.toString());
        assertFalse(formed.contains("leases-beta"), "beta is home of nothing: " + formed);
    }

    @Test
    @Order(1)
    void whoReturnsLeavesTheLeadToWhoTookOver() throws Exception {
        InstanceName instance = fresh();
        LeaseRecord first = LeaseRecord.claimed(NodeName.of("gamma"), new Epoch(2));
        LeaseRecord taken = LeaseRecord.claimed(NodeName.of("beta"), new Epoch(4));
        LeaseRecord home = LeaseRecord.claimed(NodeName.of("gamma"), new Epoch(6));
        try (HazelcastLeaseStore before = gamma();
                HazelcastLeaseStore returned = gamma();
                HazelcastLeaseStore again = gamma()) {
            assertTrue(await(before.compareAndSet(instance, Optional.empty(), first)));
            assertTrue(await(beta.compareAndSet(instance, Optional.of(first), taken)));
            CompletableFuture<String> led = new CompletableFuture<>();
            returned.form(true, led::complete);
            assertThrows(TimeoutException.class, () -> led.get(1, TimeUnit.SECONDS));
            assertTrue(returned.watchedSince().isPresent(), "it has looked");

            assertTrue(await(beta.compareAndSet(instance, Optional.of(taken), home)));
            again.form(true, led::complete);
            assertEquals("leases-gamma", led.get(20, TimeUnit.SECONDS));
        }
    }

    private HazelcastLeaseStore gamma() {
        return new HazelcastLeaseStore(members.get(2), NodeName.of("gamma"), limit(), threads);
    }

    @Test
    @Order(2)
    void aRenewalTakesAFewMilliseconds() {
        InstanceName instance = fresh();
        LeaseRecord record = LeaseRecord.claimed(NodeName.of("alpha"), new Epoch(2));
        await(alpha.compareAndSet(instance, Optional.empty(), record));
        long[] micros = new long[1000];
        for (int i = 0; i < micros.length; i++) {
            LeaseRecord next = record.renewed();
            long start = System.nanoTime();
            assertTrue(await(alpha.compareAndSet(instance, Optional.of(record), next)));
            micros[i] = (System.nanoTime() - start) / 1000;
            record = next;
        }
        long[] warm = Arrays.copyOfRange(micros, 500, 1000);
        Arrays.sort(warm);
        System.out.printf(
                "compare-and-set: p50 %d us, p99 %d us, max %d us%n",
                warm[250], warm[495], warm[499]);
        assertTrue(warm[250] < 50_000, "p50 " + warm[250] + " us");
    }

    @Test
    @Order(2)
    void aSecondCallForTheSameInstanceFailsAtOnce() {
        InstanceName instance = fresh();
        await(alpha.read(instance));
        var first = alpha.read(instance).toCompletableFuture();
        var second = alpha.read(instance).toCompletableFuture();
        // The first may have been quick enough; then there is nothing to refuse.
        if (second.isCompletedExceptionally()) {
            assertInstanceOf(LeaseStoreUnavailableException.class, failure(second));
        }
        await(first);
        await(alpha.read(instance));
    }
}
