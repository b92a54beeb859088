package io.understudy.core.ledger;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.node.NodeName;
import java.util.Comparator;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * What must never be forgotten about an instance, not even by a power cut of every member: the last
 * tenure, who holds everything that was acknowledged, and whose turn it is. Only the holder of
 * tenure {@code epoch} writes entries of that epoch, so (epoch, revision) names an entry.
 *
 * @param instance which instance
 * @param epoch the tenure of the writer
 * @param revision counts the entries of one tenure, from 0
 * @param writer the holder that wrote this
 * @param inSync the nodes whose copy holds every acknowledged write; never empty
 * @param assigned the node whose turn it is
 * @param reason why it is that node's turn
 * @param parked true if the instance was stopped on purpose: nobody takes over by itself
 * @param failed nodes that tried to serve and could not, until by their own word they can again: an
 *     operator says recover, a retry is due, or they restart
 */
public record LedgerEntry(
        InstanceName instance,
        Epoch epoch,
        long revision,
        NodeName writer,
        Set<NodeName> inSync,
        NodeName assigned,
        Reason reason,
        boolean parked,
        Set<NodeName> failed)
        implements Comparable<LedgerEntry> {

    private static final Comparator<LedgerEntry> ORDER =
            Comparator.comparing(LedgerEntry::epoch).thenComparingLong(LedgerEntry::revision);

    /** Refuses nulls and an empty in-sync set; copies the sets. */
    public LedgerEntry {
        Objects.requireNonNull(instance, "instance");
        Objects.requireNonNull(epoch, "epoch");
        Objects.requireNonNull(writer, "writer");
        Objects.requireNonNull(assigned, "assigned");
        Objects.requireNonNull(reason, "reason");
        inSync = Set.copyOf(inSync);
        failed = Set.copyOf(failed);
        if (inSync.isEmpty()) {
            throw new IllegalArgumentException("ledger entry without a node in sync: " + instance);
        }
    }

    /** Orders by (epoch, revision): the greater one is the newer one. */
    @Override
    public int compareTo(LedgerEntry other) {
        return ORDER.compare(this, other);
    }

    /**
     * Returns whether {@code node} may serve by this entry without an operator's word: with data
     * who holds everything acknowledged; without any, everybody but where another node alone is on
     * record (docs/decisions/0024).
     *
     * @param data whether the instance has a database
     */
    public boolean mayServe(NodeName node, boolean data) {
        return inSync.contains(node) || !data && inSync.size() > 1;
    }

    /** Returns the in-sync nodes in the order of their names, for people and logs. */
    public Set<NodeName> inSyncSorted() {
        return new TreeSet<>(inSync);
    }

    /** Returns the same entry under another number. */
    public LedgerEntry atRevision(long number) {
        return new LedgerEntry(
                instance, epoch, number, writer, inSync, assigned, reason, parked, failed);
    }

    /** Returns the same entry, one revision on, with another in-sync set. */
    public LedgerEntry withInSync(Set<NodeName> nodes) {
        return new LedgerEntry(
                instance, epoch, revision + 1, writer, nodes, assigned, reason, parked, failed);
    }

    /** Returns the same entry, one revision on, with another turn. */
    public LedgerEntry withAssigned(NodeName node, Reason why, boolean park) {
        return new LedgerEntry(
                instance, epoch, revision + 1, writer, inSync, node, why, park, failed);
    }

    /** Returns the same entry, one revision on, with another set of failed nodes. */
    public LedgerEntry withFailed(Set<NodeName> nodes) {
        return new LedgerEntry(
                instance, epoch, revision + 1, writer, inSync, assigned, reason, parked, nodes);
    }
}
