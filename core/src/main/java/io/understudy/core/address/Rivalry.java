package io.understudy.core.address;

import io.understudy.core.address.WireReport.Rival;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * When another host's claim is told. Whose the address is the lease has settled: it is taken, kept
 * and announced whatever others claim; what is left is to say who they are.
 *
 * @param mac who was told of last
 * @param nanos when that one was told of, on the host's monotonic clock
 */
public record Rivalry(String mac, long nanos) {

    /** The same rival is told of again after so long. */
    public static final Duration REPEAT = Duration.ofMinutes(10);

    /** A claim that is not repeated is not shown any more after so long. */
    public static final Duration SHOWN = Duration.ofSeconds(60);

    /** Refuses nulls. */
    public Rivalry {
        Objects.requireNonNull(mac, "mac");
    }

    /**
     * Returns whether a claim is to be told.
     *
     * @param told what was told of this address last, if anything
     */
    public static boolean isNews(Optional<Rivalry> told, Rival claim) {
        return told.filter(t -> t.mac().equals(claim.mac()))
                .filter(t -> claim.nanos() - t.nanos() < REPEAT.toNanos())
                .isEmpty();
    }

    /** Returns whether a claim is recent enough to be shown. */
    public static boolean isShown(Rival claim, long nowNanos) {
        return nowNanos - claim.nanos() < SHOWN.toNanos();
    }
}
