package io.understudy.cluster.witness;

import com.hazelcast.core.HazelcastInstance;
import io.understudy.cluster.voters.ClusterMember;
import io.understudy.cluster.voters.VoterState;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.node.NodeName;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Takes the seat of a voter that is missing at a cold start, when the three would otherwise never
 * meet. By an operator's word only, and only if the missing voter holds nothing newer than the
 * others: the ledger is asked as always, this member keeps none. It stands beside a living voter,
 * on the fourth port of its node file, and so the loss of that host is the loss of two votes: the
 * cluster is not redundant while it stands. When the third voter arrives and has taken a seat of
 * its own, the stand-in leaves by itself.
 */
public final class StandIn implements AutoCloseable {

    /** Its port lies this far above {@code cluster.port}: after Hazelcast, peers and guard. */
    public static final int PORT_OFFSET = 3;

    private static final Logger LOG = System.getLogger(StandIn.class.getName());
    private static final NodeName NAME = NodeName.of("stand-in");
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final long LOOK_MILLIS = 500;

    private final HazelcastInstance hazelcast;
    private final ClusterMember member;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ScheduledThreadPoolExecutor watch =
            new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "understudy-stand-in"));

    private StandIn(NodeConfiguration node) {
        PlainMember voter = PlainMember.of(node);
        hazelcast =
                new PlainMember(
                                voter.cluster(),
                                NAME,
                                "stand-in",
                                voter.address(),
                                voter.port() + PORT_OFFSET,
                                voter.members())
                        .start();
        member = ClusterMember.standIn(hazelcast, NAME, node, LIMIT);
        watch.scheduleWithFixedDelay(
                this::leaveWhenDone, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Starts a stand-in; returns when it has joined.
     *
     * @param node the node file of the living voter beside which it stands
     * @throws com.hazelcast.core.HazelcastException if the port is in use
     */
    public static StandIn start(NodeConfiguration node) {
        return new StandIn(node);
    }

    /** Waits until it has left, because it was closed or is no longer needed. */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    private void leaveWhenDone() {
        boolean allSeated =
                member.voters().state().voters().values().stream()
                        .allMatch(VoterState.Voter::seated);
        if (allSeated) {
            LOG.log(Level.INFO, "All three voters have a seat: the stand-in leaves");
            close();
        } else if (!hazelcast.getLifecycleService().isRunning()) {
            close();
        }
    }

    /** Leaves in good order; its seat goes to the third voter, if that one has come. */
    @Override
    public void close() {
        watch.shutdown();
        member.close();
        hazelcast.shutdown();
        ended.countDown();
    }
}
