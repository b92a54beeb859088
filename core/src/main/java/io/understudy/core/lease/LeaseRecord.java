package io.understudy.core.lease;

import io.understudy.core.node.NodeName;
import java.util.Objects;
import java.util.Optional;

/**
 * What the lease store keeps for an instance: who may serve it. The holder renews by raising the
 * sequence; a record that stays unchanged for long enough may be challenged. Every write is a
 * compare-and-set against the exact record read before.
 *
 * @param holder who holds the lease; empty once released
 * @param epoch the holder's tenure, or that of the last holder once released
 * @param sequence counts the writes of one tenure, from 0
 */
public record LeaseRecord(Optional<NodeName> holder, Epoch epoch, long sequence) {

    /** Refuses nulls and negative sequences. */
    public LeaseRecord {
        Objects.requireNonNull(holder, "holder");
        Objects.requireNonNull(epoch, "epoch");
        if (sequence < 0) {
            throw new IllegalArgumentException("sequence " + sequence + " is negative");
        }
    }

    /** Returns the first record of {@code holder}'s tenure {@code epoch}. */
    public static LeaseRecord claimed(NodeName holder, Epoch epoch) {
        return new LeaseRecord(Optional.of(holder), epoch, 0);
    }

    /** Returns this record with the sequence raised: a renewal. */
    public LeaseRecord renewed() {
        return new LeaseRecord(holder, epoch, sequence + 1);
    }

    /** Returns this record without a holder. */
    public LeaseRecord released() {
        return new LeaseRecord(Optional.empty(), epoch, sequence + 1);
    }

    /** Returns whether {@code node} holds the lease. */
    public boolean isHeldBy(NodeName node) {
        return holder.isPresent() && holder.get().equals(node);
    }

    /** Returns {@code holder|epoch|sequence}, the form kept in the store and shown to people. */
    public String encoded() {
        return holder.map(NodeName::value).orElse("") + "|" + epoch + "|" + sequence;
    }

    /**
     * Reads {@link #encoded()} back.
     *
     * @throws IllegalArgumentException if {@code text} is not of that form
     */
    public static LeaseRecord decode(String text) {
        String[] parts = text.split("\\|", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException(
                    "lease record '" + text + "' is not holder|epoch|sequence");
        }
        Optional<NodeName> holder =
                parts[0].isEmpty() ? Optional.empty() : Optional.of(NodeName.of(parts[0]));
        return new LeaseRecord(
                holder, new Epoch(Long.parseLong(parts[1])), Long.parseLong(parts[2]));
    }

    @Override
    public String toString() {
        return encoded();
    }
}
