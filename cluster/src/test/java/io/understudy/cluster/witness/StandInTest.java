package io.understudy.cluster.witness;

import static io.understudy.cluster.lease.LocalMembers.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.core.HazelcastInstance;
import io.understudy.cluster.lease.LocalMembers;
import io.understudy.cluster.voters.ClusterMember;
import io.understudy.cluster.voters.VoterState;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.lease.LeaseRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A cold start with one of three missing. */
@Tag("slow")
class StandInTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final InstanceName INSTANCE = InstanceName.of("i");

    private final LocalMembers members = new LocalMembers();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @AfterEach
    void stop() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    @Test
    void takesTheMissingSeatUntilTheThirdVoterArrives() throws Exception {
        ClusterMember alpha = start(0);
        start(1);
        assertEquals(VoterState.Phase.DISCOVERING, alpha.voters().state().phase());
        eventually(
                SOON,
                "the missing voter is named",
                () -> alpha.voters().state().problem().orElse("").contains("witness is missing"));

        StandIn standIn = StandIn.start(node(0));
        open.push(standIn);
        LeaseRecord claim = LeaseRecord.claimed(LocalMembers.NAMES.get(0), new Epoch(2));
        eventually(SOON, "a claim", () -> claimed(alpha, claim));
        assertFalse(alpha.voters().state().redundant());

        ClusterMember witness = start(2);
        eventually(SOON, "the third voter votes", () -> alpha.voters().state().redundant());
        standIn.awaitEnd();
        assertTrue(witness.voters().state().voters().values().stream().allMatch(v -> v.seated()));
        Optional<LeaseRecord> kept =
                witness.leaseStore().read(INSTANCE).toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertEquals(Optional.of(claim), kept);
    }

    private ClusterMember start(int index) {
        HazelcastInstance instance = members.plan(index).start();
        open.push(() -> instance.getLifecycleService().terminate());
        ClusterMember member = ClusterMember.of(instance, node(index), Duration.ofSeconds(3));
        open.push(member);
        return member;
    }

    private NodeConfiguration node(int index) {
        List<NodeConfiguration.Member> all = new ArrayList<>();
        for (int i = 0; i < LocalMembers.NAMES.size(); i++) {
            all.add(
                    new NodeConfiguration.Member(
                            LocalMembers.NAMES.get(i), members.plan(i).address()));
        }
        PlainMember plan = members.plan(index);
        return new NodeConfiguration(
                plan.name(),
                NodeConfiguration.Role.PRIMARY,
                plan.address(),
                Optional.empty(),
                plan.cluster(),
                all,
                plan.port(),
                "secret",
                8080,
                8443,
                "data");
    }

    /** A claim that got no answer may have been made: it counts when it is read. */
    private static boolean claimed(ClusterMember member, LeaseRecord claim) {
        try {
            member.leaseStore()
                    .compareAndSet(INSTANCE, Optional.empty(), claim)
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            return member.leaseStore()
                    .read(INSTANCE)
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS)
                    .equals(Optional.of(claim));
        } catch (ExecutionException e) {
            return false;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
