package io.understudy.core.address;

import io.understudy.core.address.Confirmation.Verdict;
import io.understudy.core.time.Moment;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One address from when it came to this host: asked about at once and again until another host has
 * confirmed it, every few seconds from then on; announced again whenever it is found elsewhere or
 * not at all; an alarm where that stays.
 *
 * @param since when it was installed
 * @param last the last finding; empty: not yet asked
 * @param confirmed when it was first confirmed
 * @param badSince since when it has been elsewhere or unheard
 * @param alarmed whether that was told
 * @param asked how often it was asked
 */
public record Arrival(
        Moment since,
        Optional<Confirmation> last,
        Optional<Moment> confirmed,
        Optional<Moment> badSince,
        boolean alarmed,
        int asked) {

    /** How long an address may be elsewhere before it is told: announcements may be lost. */
    public static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final Duration CALM = Duration.ofSeconds(10);
    private static final Duration BLIND = Duration.ofSeconds(5);
    private static final Duration[] UNTIL_CONFIRMED = {
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500)
    };

    /** Refuses nulls. */
    public Arrival {
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(last, "last");
        Objects.requireNonNull(confirmed, "confirmed");
        Objects.requireNonNull(badSince, "badSince");
    }

    /** What is to be done. */
    public enum Act {
        /** Tell that it has been confirmed for the first time. */
        TELL_CONFIRMED,
        /** Announce it again. */
        ANNOUNCE,
        /** Tell that it is reached elsewhere or not at all. */
        ALARM,
        /** Tell that it is reached again. */
        TELL_MENDED
    }

    /**
     * What follows from a finding.
     *
     * @param arrival as it is now
     * @param acts what to do, in their order
     * @param next after how long to ask again
     */
    public record Outcome(Arrival arrival, Set<Act> acts, Duration next) {}

    /** Returns one that was installed at {@code since} and of which nothing is known. */
    public static Arrival at(Moment since) {
        return new Arrival(since, Optional.empty(), Optional.empty(), Optional.empty(), false, 0);
    }

    /** Returns what follows from a finding. */
    public Outcome found(Confirmation finding, Moment now) {
        EnumSet<Act> acts = EnumSet.noneOf(Act.class);
        Optional<Moment> first = confirmed;
        Optional<Moment> bad = badSince;
        boolean told = alarmed;
        if (finding.verdict() == Verdict.CONFIRMED) {
            if (first.isEmpty()) {
                first = Optional.of(now);
                acts.add(Act.TELL_CONFIRMED);
            }
            if (told) {
                acts.add(Act.TELL_MENDED);
            }
            bad = Optional.empty();
            told = false;
        } else if (finding.verdict() != Verdict.UNKNOWN) {
            acts.add(Act.ANNOUNCE);
            bad = bad.isPresent() ? bad : Optional.of(now);
            if (!told && !now.isBefore(bad.get().plus(PATIENCE))) {
                acts.add(Act.ALARM);
                told = true;
            }
        }
        Arrival after = new Arrival(since, Optional.of(finding), first, bad, told, asked + 1);
        return new Outcome(after, acts, after.next());
    }

    private Duration next() {
        Verdict verdict = last.orElseThrow().verdict();
        boolean young = asked <= UNTIL_CONFIRMED.length;
        if (verdict == Verdict.CONFIRMED) {
            return CALM;
        }
        if (young) {
            return UNTIL_CONFIRMED[asked - 1];
        }
        return verdict == Verdict.UNKNOWN ? BLIND : Duration.ofSeconds(1);
    }
}
