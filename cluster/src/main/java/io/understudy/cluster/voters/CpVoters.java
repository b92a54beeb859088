package io.understudy.cluster.voters;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.cp.CPGroupId;
import com.hazelcast.cp.CPMember;
import com.hazelcast.cp.internal.raft.impl.RaftNode;
import io.understudy.core.node.NodeName;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Keeps the voters of the consensus store in number and tells how it stands. Runs on every voter,
 * on one thread of its own, {@code understudy-voters}; no method blocks its caller.
 *
 * <ul>
 *   <li>A process that returns after its death gives up its predecessor's seat and takes its own
 *       ({@link Seat}); one that was merely cut off keeps its seat and is never removed.
 *   <li>Each voter tells the others every second in which groups it votes. Only when all three vote
 *       in every group in use is the store called redundant: a voter that has its seat but not yet
 *       its Raft nodes counts for the quorum and cannot vote.
 * </ul>
 */
public final class CpVoters implements AutoCloseable {

    private static final Logger LOG = System.getLogger(CpVoters.class.getName());
    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration ASK_CALM = Duration.ofSeconds(2);
    private static final Duration ANSWER_VALID = Duration.ofSeconds(4);

    private final HazelcastCore core;
    private final NodeName self;
    private final Voters voters;
    private final Seat seat;
    private final SeatChanges seatChanges;
    private final Reunion reunion;
    private final Succession succession;
    private final ScheduledThreadPoolExecutor thread;
    private final VoterReports reports;
    private final StoreReset storeReset;
    private long metAt = System.nanoTime();

    private int calmTicks;
    private boolean asking;
    private boolean stale;
    private long askedAt;
    private Optional<Long> answeredAt = Optional.empty();
    private Collection<CPMember> cpMembers = List.of();
    private Set<String> groups = Set.of();
    private volatile VoterState state;

    /**
     * Starts looking after this member's seat.
     *
     * @param instance a started member; owned by the caller, to be shut down after this is closed
     * @param self the name of this member
     * @param hosts the address of each of the three voters, in the same order on all of them
     * @param port TCP port of Hazelcast, the same on all voters
     * @throws IllegalArgumentException if {@code instance} is no member of this process, or an
     *     address is none
     */
    public CpVoters(
            HazelcastInstance instance, NodeName self, Map<NodeName, String> hosts, int port) {
        this.core = new HazelcastCore(instance);
        this.self = Objects.requireNonNull(self, "self");
        this.voters = new Voters(hosts, port);
        this.thread = new ScheduledThreadPoolExecutor(1, CpVoters::daemon);
        this.seat = new Seat(core, thread, () -> stale = true);
        this.seatChanges = new SeatChanges(core);
        this.reunion = new Reunion(core, voters.addresses());
        this.succession = new Succession(core, this.self, voters, thread);
        this.reports = new VoterReports(instance, voters);
        this.storeReset = new StoreReset(instance, core, thread, this::resetBegun);
        this.state = facts().state();
        thread.scheduleWithFixedDelay(this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Returns how the store stands, at most a second old. */
    public VoterState state() {
        return state;
    }

    /** Returns whether this process leads the Raft group {@code group}. */
    public boolean leads(String group) {
        return core.raftNode(group).map(core::leads).orElse(false);
    }

    /**
     * Moves the Raft leadership of {@code group} to this process, so that the loss of another voter
     * does not delay the renewal of leases kept there. Best effort: asks the leader until this
     * process leads or {@code limit} is over.
     *
     * @param group name of a CP group, as given to the lease store
     * @param limit how long to try
     * @return whether this process leads; never fails
     */
    public CompletionStage<Boolean> leadHere(String group, Duration limit) {
        CompletableFuture<Boolean> result =
                new CompletableFuture<Boolean>()
                        .completeOnTimeout(
                                false, limit.toMillis() + TICK.toMillis(), TimeUnit.MILLISECONDS);
        onThread(() -> lead(group, System.nanoTime() + limit.toNanos(), result));
        return result;
    }

    /**
     * Acts on the word of our own failure detector, which knows seconds earlier than Hazelcast that
     * others are silent or gone: the connections to them are closed, and the other voters elect new
     * Raft leaders for what they led. Who lives after all joins again as soon as it can be reached
     * ({@link Reunion}) and keeps its seat.
     *
     * @param names voters; this member is ignored, and all are before the voters have met
     */
    public void suspect(Set<NodeName> names) {
        onThread(
                () -> {
                    if (!core.raft().isDiscoveryCompleted()) {
                        // Nothing is served yet, and Hazelcast ends a member that loses another
                        // one while the voters meet.
                        return;
                    }
                    calmTicks = -1;
                    succession.drop(names, cpMembers);
                });
    }

    /** Runs {@code action}, which must not block, on the voters' thread after {@code delay}. */
    void after(Duration delay, Runnable action) {
        onThread(() -> thread.schedule(action, delay.toMillis(), TimeUnit.MILLISECONDS));
    }

    /**
     * Resets the consensus store by an operator's word. <strong>All leases are forgotten.</strong>
     * Only when no process that may still hold a lease runs out of this cluster's sight; afterwards
     * nobody may claim a lease before the longest lease has passed and the epochs were taken from
     * the ledger. May be asked of any member; usable about three seconds later. After the loss of
     * the majority for good the voters do it by themselves as soon as all three are connected.
     *
     * @return completes when this member has forgotten and the voters have met again; fails with
     *     {@link IllegalStateException} if not all three voters are connected, or if the master did
     *     not do it within 10 s
     */
    public CompletionStage<Void> reset() {
        CompletableFuture<Void> result = new CompletableFuture<>();
        onThread(
                () -> {
                    Set<NodeName> missing = new TreeSet<>(voters.names());
                    missing.removeAll(connected());
                    if (missing.isEmpty()) {
                        storeReset.ask(self, result);
                    } else {
                        result.completeExceptionally(
                                new IllegalStateException(
                                        "The consensus store can be reset only with all three"
                                                + " voters: start "
                                                + missing
                                                + " or seat a stand-in."));
                    }
                });
        return result;
    }

    /**
     * Names what is to be told when this member, the cluster's master, begins to reset a store that
     * is lost for good, without an operator's word. Called on the voters' thread: must not block.
     */
    public void whenResetByItself(Runnable told) {
        storeReset.whenByItself(told);
    }

    /** What was known of the voters of the old store is void. */
    private void resetBegun() {
        answeredAt = Optional.empty();
        cpMembers = List.of();
        groups = Set.of();
        metAt = System.nanoTime();
    }

    /** Stops looking; the member itself goes on. */
    @Override
    public void close() {
        thread.shutdownNow();
        seatChanges.close();
        reunion.close();
        reports.close();
        storeReset.close();
    }

    private void tick() {
        calmTicks = state.redundant() ? calmTicks + 1 : 0;
        // While all is well every fourth tick counts; a suspicion ends that.
        if (calmTicks % 4 != 0) {
            return;
        }
        if (!core.isRunning()) {
            state = VoterFacts.stopped(voters.names());
            return;
        }
        try {
            Map<NodeName, VoterReport> word = reports.fresh(present());
            reports.tell(new VoterReport(self, core.votingGroups(), seats(), standing(word)));
            boolean inSight = connected().containsAll(voters.names());
            storeReset.tend(self, inSight ? word : Map.of(), voters.names());
            seatChanges.tend();
            reunion.tend();
            ask();
            update();
        } catch (HazelcastInstanceNotActiveException e) {
            LOG.log(Level.DEBUG, "The member has stopped");
        } catch (RuntimeException e) {
            // A periodic task that throws is never run again.
            LOG.log(Level.WARNING, "Looking after the voters failed once; tried again", e);
        }
    }

    /** Asks who votes and in which groups: often while something is missing, calmly otherwise. */
    private void ask() {
        boolean due =
                stale || !state.redundant() || System.nanoTime() - askedAt > ASK_CALM.toNanos();
        if (asking || !due || !core.raft().isDiscoveryCompleted() || !knowsWhomToAsk()) {
            return;
        }
        asking = true;
        stale = false;
        askedAt = System.nanoTime();
        core.raft()
                .getCPMembers()
                .whenCompleteAsync(
                        (members, error) -> {
                            if (error != null) {
                                answered(null, null, error);
                            } else {
                                core.raft()
                                        .getCPGroupIds()
                                        .whenCompleteAsync(
                                                (ids, problem) -> answered(members, ids, problem),
                                                thread);
                            }
                        },
                        thread);
    }

    private boolean knowsWhomToAsk() {
        if (core.localCpUuid().isPresent() || answeredAt.isPresent()) {
            return true;
        }
        Set<String> seats = reports.seats();
        if (!seats.isEmpty()) {
            core.learn(seats);
        }
        return !seats.isEmpty();
    }

    private VoterReport.Standing standing(Map<NodeName, VoterReport> word) {
        return LossWatch.standing(
                core.localCpUuid(),
                core.raft().isDiscoveryCompleted(),
                core.memberships(),
                word,
                voters.names());
    }

    private Set<String> seats() {
        return core.localCpUuid().isEmpty()
                ? Set.of()
                : cpMembers.stream().map(HazelcastCore::seat).collect(Collectors.toSet());
    }

    private void answered(
            Collection<CPMember> members, Collection<CPGroupId> ids, Throwable error) {
        asking = false;
        if (error != null) {
            LOG.log(Level.DEBUG, "The consensus store gave no list of voters: {0}", error);
            return;
        }
        cpMembers = List.copyOf(members);
        groups = ids.stream().map(HazelcastCore::key).collect(Collectors.toSet());
        answeredAt = Optional.of(System.nanoTime());
        if (!stale && voters.addressOf(self).isPresent()) {
            seat.tend(cpMembers);
        }
        update();
    }

    private void update() {
        VoterState before = state;
        VoterState now = facts().state();
        state = now;
        if (!now.problem().equals(before.problem())) {
            boolean waiting = now.phase() == VoterState.Phase.READY && now.allConnected();
            LOG.log(
                    waiting ? Level.INFO : Level.WARNING,
                    "Voters: {0}",
                    now.problem().orElse("redundant, all three vote"));
        }
    }

    private VoterFacts facts() {
        long now = System.nanoTime();
        boolean met = core.raft().isDiscoveryCompleted();
        if (!met) {
            metAt = now;
        }
        long silent = now - answeredAt.orElse(metAt);
        Set<NodeName> seated = new HashSet<>();
        Set<String> strangers = new HashSet<>();
        for (CPMember member : cpMembers) {
            voters.at(member.getAddress())
                    .ifPresentOrElse(
                            seated::add, () -> strangers.add(member.getAddress().toString()));
        }
        return new VoterFacts(
                voters.names(),
                met,
                silent < ANSWER_VALID.toNanos(),
                connected(),
                seated,
                strangers,
                answeredAt.isPresent() ? reports.votingIn(groups, present()) : Set.of(),
                seat.unseated());
    }

    private Set<UUID> present() {
        return core.members().stream().map(Member::getUuid).collect(Collectors.toSet());
    }

    private Set<NodeName> connected() {
        return core.members().stream()
                .filter(core::isConnected)
                .flatMap(member -> voters.at(member.getAddress()).stream())
                .collect(Collectors.toSet());
    }

    private void lead(String group, long deadline, CompletableFuture<Boolean> result) {
        Optional<RaftNode> raftNode = core.raftNode(group);
        if (raftNode.isPresent() && core.leads(raftNode.get())) {
            result.complete(true);
            return;
        }
        if (System.nanoTime() - deadline > 0) {
            result.complete(false);
            return;
        }
        raftNode.ifPresent(node -> core.askForLeadership(node, cpMembers));
        thread.schedule(
                () -> lead(group, deadline, result), TICK.toMillis() / 5, TimeUnit.MILLISECONDS);
    }

    private void onThread(Runnable action) {
        try {
            thread.execute(
                    () -> {
                        try {
                            action.run();
                        } catch (RuntimeException e) {
                            LOG.log(Level.WARNING, "Looking after the voters failed once", e);
                        }
                    });
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "Nothing is done about the voters any more: closed");
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "understudy-voters");
        thread.setDaemon(true);
        return thread;
    }
}
