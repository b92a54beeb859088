package io.understudy.core.state;

import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.ledger.Reason;
import io.understudy.core.node.NodeName;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Everything from which the states of a pair are derived, for one instance, as one node sees it.
 *
 * @param home where the instance belongs
 * @param backup who takes over
 * @param assigned whose turn it is
 * @param holder who holds the lease; empty if nobody, or not known
 * @param homeFacts what is known of the home node
 * @param backupFacts what is known of the backup
 * @param reason why it is that node's turn
 * @param parked whether the instance was stopped on purpose
 * @param failed nodes that tried to serve and could not
 * @param standbyInSync whether the node that does not serve holds everything acknowledged; true
 *     where there is no database
 * @param enabled whether high availability is enabled: assignment is not {@code none}
 * @param majority whether a majority of the voters answers the one who looks; without it nobody may
 *     begin to serve
 */
public record PairSituation(
        NodeName home,
        NodeName backup,
        NodeName assigned,
        Optional<NodeName> holder,
        NodeFacts homeFacts,
        NodeFacts backupFacts,
        Reason reason,
        boolean parked,
        Set<NodeName> failed,
        boolean standbyInSync,
        boolean enabled,
        boolean majority) {

    /** Refuses nulls; copies the set. */
    public PairSituation {
        Objects.requireNonNull(home, "home");
        Objects.requireNonNull(backup, "backup");
        Objects.requireNonNull(assigned, "assigned");
        Objects.requireNonNull(holder, "holder");
        Objects.requireNonNull(homeFacts, "homeFacts");
        Objects.requireNonNull(backupFacts, "backupFacts");
        Objects.requireNonNull(reason, "reason");
        failed = Set.copyOf(failed);
    }

    /**
     * Returns the situation of an instance with the turn, reason, parking, failures and in-sync set
     * that the ledger keeps; an instance without an entry is its home's turn and never ran.
     */
    public static PairSituation of(
            NodeName home,
            NodeName backup,
            Optional<LedgerEntry> ledger,
            Optional<NodeName> holder,
            NodeFacts homeFacts,
            NodeFacts backupFacts,
            boolean enabled,
            boolean majority) {
        return new PairSituation(
                home,
                backup,
                ledger.map(LedgerEntry::assigned).orElse(home),
                holder,
                homeFacts,
                backupFacts,
                ledger.map(LedgerEntry::reason).orElse(Reason.NORMAL),
                ledger.map(LedgerEntry::parked).orElse(false),
                ledger.map(LedgerEntry::failed).orElse(Set.of()),
                ledger.map(e -> e.inSync().containsAll(List.of(home, backup))).orElse(true),
                enabled,
                majority);
    }

    boolean homesTurn() {
        return assigned.equals(home);
    }

    NodeFacts factsOf(NodeName node) {
        return node.equals(home) ? homeFacts : backupFacts;
    }
}
