package io.understudy.core.lease;

import io.understudy.core.node.NodeName;
import java.time.Duration;
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
 * @param length how long the holder counts on this write at most; zero: it does not say. Written
 *     with what it is true of, so that lease timers may be changed while leases are held
 */
public record LeaseRecord(Optional<NodeName> holder, Epoch epoch, long sequence, Duration length) {

    /** Refuses nulls and negative sequences. */
    public LeaseRecord {
        Objects.requireNonNull(holder, "holder");
        Objects.requireNonNull(epoch, "epoch");
        Objects.requireNonNull(length, "length");
        if (sequence < 0) {
            throw new IllegalArgumentException("sequence " + sequence + " is negative");
        }
    }

    /** A record that does not say how long its holder counts on it. */
    public LeaseRecord(Optional<NodeName> holder, Epoch epoch, long sequence) {
        this(holder, epoch, sequence, Duration.ZERO);
    }

    /** Returns the first record of {@code holder}'s tenure {@code epoch}, of no stated length. */
    public static LeaseRecord claimed(NodeName holder, Epoch epoch) {
        return claimed(holder, epoch, Duration.ZERO);
    }

    /** Returns the first record of {@code holder}'s tenure {@code epoch}. */
    public static LeaseRecord claimed(NodeName holder, Epoch epoch, Duration length) {
        return new LeaseRecord(Optional.of(holder), epoch, 0, length);
    }

    /** Returns this record with the sequence raised: a renewal for as long as before. */
    public LeaseRecord renewed() {
        return renewed(length);
    }

    /** Returns this record with the sequence raised: a renewal for {@code counted}. */
    public LeaseRecord renewed(Duration counted) {
        return new LeaseRecord(holder, epoch, sequence + 1, counted);
    }

    /** Returns this record without a holder. */
    public LeaseRecord released() {
        return new LeaseRecord(Optional.empty(), epoch, sequence + 1, length);
    }

    /** Returns whether {@code node} holds the lease. */
    public boolean isHeldBy(NodeName node) {
        return holder.isPresent() && holder.get().equals(node);
    }

    /** Returns {@code holder|epoch|sequence|millis}, the form kept in the store. */
    public String encoded() {
        return holder.map(NodeName::value).orElse("")
                + "|"
                + epoch
                + "|"
                + sequence
                + "|"
                + length.toMillis();
    }

    /**
     * Reads {@link #encoded()} back.
     *
     * @throws IllegalArgumentException if {@code text} is not of that form
     */
    public static LeaseRecord decode(String text) {
        String[] parts = text.split("\\|", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException(
                    "lease record '" + text + "' is not holder|epoch|sequence|millis");
        }
        Optional<NodeName> holder =
                parts[0].isEmpty() ? Optional.empty() : Optional.of(NodeName.of(parts[0]));
        return new LeaseRecord(
                holder,
                new Epoch(Long.parseLong(parts[1])),
                Long.parseLong(parts[2]),
                Duration.ofMillis(Long.parseLong(parts[3])));
    }

    @Override
    public String toString() {
        return encoded();
    }
}
