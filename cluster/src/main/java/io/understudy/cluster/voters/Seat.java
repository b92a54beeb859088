package io.understudy.cluster.voters;

import com.hazelcast.cluster.Address;
import com.hazelcast.cp.CPMember;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * This process's seat among the voters. A process that died leaves its CP identity behind, and
 * Hazelcast gives its successor a new one; the successor gives up the old identity and takes the
 * seat itself. It may do so because it knows better than anybody that the old identity is not its
 * own and, listening on that very address, that the process which had it is dead. Nobody ever gives
 * up the identity of another address: its process may merely be cut off.
 *
 * <p>All methods on the voters' thread.
 */
final class Seat {

    private static final Logger LOG = System.getLogger(Seat.class.getName());

    private final HazelcastCore core;
    private final Executor thread;
    private final Runnable changed;
    private boolean acting;
    private boolean unseated;

    /**
     * @param core this member
     * @param thread the voters' thread
     * @param changed called after each step: what was known of the voters is stale
     */
    Seat(HazelcastCore core, Executor thread, Runnable changed) {
        this.core = core;
        this.thread = thread;
        this.changed = changed;
    }

    /** Returns whether this process believes it votes, while the others know it does not. */
    boolean unseated() {
        return unseated;
    }

    /**
     * Takes the next step towards the seat, if one is due.
     *
     * @param cpMembers the CP members, asked after the last step ended
     */
    void tend(Collection<CPMember> cpMembers) {
        if (acting) {
            return;
        }
        Address here = core.localAddress();
        Optional<UUID> own = core.localCpUuid();
        unseated =
                own.isPresent() && cpMembers.stream().noneMatch(m -> m.getUuid().equals(own.get()));
        Optional<CPMember> predecessor =
                cpMembers.stream()
                        .filter(member -> member.getAddress().equals(here))
                        .filter(member -> own.isEmpty() || !member.getUuid().equals(own.get()))
                        .findFirst();
        if (predecessor.isPresent()) {
            UUID old = predecessor.get().getUuid();
            act("give up the seat " + old + " of this node's predecessor", remove(old));
        } else if (own.isEmpty()) {
            act("take a seat", core.raft().promoteToCPMember());
        }
    }

    private CompletionStage<Void> remove(UUID old) {
        return core.raft().removeCPMember(old);
    }

    private void act(String what, CompletionStage<Void> stage) {
        acting = true;
        LOG.log(Level.INFO, "Voter at {0}: {1}", core.localAddress(), what);
        stage.whenCompleteAsync(
                (done, error) -> {
                    acting = false;
                    if (error != null) {
                        // Tried again with fresh knowledge; a competing change is the usual cause.
                        LOG.log(
                                Level.INFO,
                                "Voter at {0} could not yet {1}: {2}",
                                core.localAddress(),
                                what,
                                error.getMessage());
                    }
                    changed.run();
                },
                thread);
    }
}
