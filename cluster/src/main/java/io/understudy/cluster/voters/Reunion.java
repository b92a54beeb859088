package io.understudy.cluster.voters;

import com.hazelcast.cluster.Address;
import com.hazelcast.cluster.Member;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Brings voters that lost one another together again as soon as they can be reached. They are two
 * Hazelcast clusters then, and none takes a vote of the other's members before one has joined the
 * other. Hazelcast looks for other clusters every five seconds, one address after the other, and up
 * to five seconds long at one that does not answer; who looks at once is together again within half
 * a second. Who joins whom is Hazelcast's rule, and so is how; no seat changes by it.
 *
 * <p>A cluster is joined only if all its voters can be reached: who reaches some of them only would
 * be dropped again, and join again, without end.
 *
 * <p>{@link #tend} on the voters' thread; joining, which waits for answers, on a thread of its own
 * that exists only then.
 */
final class Reunion implements AutoCloseable {

    /** An answer that takes longer is asked for again: the connection may be a dead one. */
    static final Duration ANSWER = Duration.ofSeconds(1);

    private static final Logger LOG = System.getLogger(Reunion.class.getName());
    private static final Duration IDLE = Duration.ofSeconds(1);

    /**
     * What a voter of another cluster says about joining.
     *
     * @param thisJoins whether it is this member's cluster that has to join the other
     * @param members where the members of the other cluster listen
     * @param version of the list of this cluster's members when it was asked: nothing is done if it
     *     has changed since
     */
    record MergeAnswer(boolean thisJoins, Set<Address> members, int version) {

        MergeAnswer {
            members = Set.copyOf(members);
        }
    }

    private final HazelcastCore core;
    private final List<Address> voters;
    private final ThreadPoolExecutor worker;
    private final Map<Address, Long> asked = new ConcurrentHashMap<>();

    /**
     * @param voters where the three voters listen, this member included
     */
    Reunion(HazelcastCore core, List<Address> voters) {
        this.core = core;
        this.voters = List.copyOf(voters);
        this.worker =
                new ThreadPoolExecutor(
                        0,
                        1,
                        IDLE.toMillis(),
                        TimeUnit.MILLISECONDS,
                        new SynchronousQueue<>(),
                        Reunion::daemon);
    }

    /** Looks for voters that are no members of this one's cluster; only its master does. */
    void tend() {
        if (!core.mayMerge()) {
            return;
        }
        Set<Address> members =
                core.members().stream().map(Member::getAddress).collect(Collectors.toSet());
        long now = System.nanoTime();
        for (Address voter : voters) {
            if (!members.contains(voter) && core.connect(voter) && due(voter, now)) {
                asked.put(voter, now);
                core.askToMerge(voter)
                        .whenComplete((answer, error) -> answered(voter, answer, error));
            }
        }
    }

    private boolean due(Address voter, long now) {
        Long before = asked.get(voter);
        return before == null || now - before >= ANSWER.toNanos();
    }

    /**
     * @param answer null if there was none
     * @param error null if the voter was asked; else it is asked again with the next look
     */
    private void answered(Address voter, MergeAnswer answer, Throwable error) {
        asked.remove(voter);
        if (error != null) {
            LOG.log(Level.DEBUG, "asking " + voter + " who has to join whom", error);
        }
        if (answer == null || !answer.thisJoins()) {
            return;
        }
        if (!answer.members().stream().filter(voters::contains).allMatch(core::connect)) {
            return;
        }
        try {
            worker.execute(() -> join(voter, answer));
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "Another cluster is being joined already, or this is closed");
        }
    }

    private void join(Address voter, MergeAnswer answer) {
        LOG.log(Level.INFO, "{0} can be reached again: joining it", voter);
        try {
            core.merge(voter, answer);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "Joining the others failed; tried again", e);
        }
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "understudy-reunion");
        thread.setDaemon(true);
        return thread;
    }
}
