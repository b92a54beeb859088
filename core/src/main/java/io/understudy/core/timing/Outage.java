package io.understudy.core.timing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How long writes stand still after a fault: the sum of named terms, each a timer or a cost.
 * Services add their own start.
 *
 * @param fault what happened
 * @param expected the terms of the usual case
 * @param worst the terms of the longest case that is still within the assumptions
 */
public record Outage(Fault fault, List<Term> expected, List<Term> worst) {

    /** Refuses nulls; copies lists. */
    public Outage {
        Objects.requireNonNull(fault, "fault");
        expected = List.copyOf(expected);
        worst = List.copyOf(worst);
    }

    /** What can happen to a pair whose home node serves. */
    public enum Fault {
        /** The app server, or it and its database, is killed; the host answers. */
        KILLED_WITH_PROOF("active killed, its host answers"),
        /** Power off, cut from both others, or all of it stands still: nothing answers. */
        HOST_LOST("active's host lost, cut off or standing still"),
        /** The app server stands still; its guard lives and ends it when the standby asks. */
        HANGS("active hangs, its guard lives"),
        /** An operator moves the instance; fallback is the same the other way. */
        SWITCHOVER("switchover or fallback"),
        /** A critical service stays down with all restarts used up. */
        SERVICE_DOWN("critical service down"),
        /** The standby is killed while a synchronous database serves ({@code continue}). */
        STANDBY_KILLED("standby killed (writes pause)"),
        /** The standby's host is lost or hangs. */
        STANDBY_LOST("standby lost or hangs (writes pause)"),
        /** The witness is lost. */
        WITNESS_LOST("witness lost"),
        /** All three processes are killed and started again. */
        ALL_RESTARTED("all three killed and started again");

        private final String words;

        Fault(String words) {
            this.words = words;
        }

        /** Returns the fault in words. */
        public String words() {
            return words;
        }
    }

    /** One summand: its name in docs/timing.md, and how long it is. */
    public record Term(String name, Duration duration) {
        /** Refuses nulls. */
        public Term {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(duration, "duration");
        }
    }

    /** Returns the outage of {@code fault} with the measured costs. */
    public static Outage of(Fault fault, Timers timers) {
        return new Outage(
                fault,
                new Terms(timers, Costs.EXPECTED, false).of(fault),
                new Terms(timers, Costs.WORST, true).of(fault));
    }

    /**
     * Returns within what time after the end of all faults exactly one node serves, if nothing was
     * stopped on purpose and nothing waits for an operator.
     */
    public static Duration settlesWithin(Timers timers) {
        return sum(settling(timers));
    }

    /** Returns the terms of {@link #settlesWithin}. */
    public static List<Term> settling(Timers timers) {
        return List.of(
                new Term("store-forms", Costs.WORST.storeForms()),
                new Term("lease x challenge-factor", timers.challengeWait()),
                new Term("hand-over-limit", timers.handOverLimit()),
                new Term("failed-retry", timers.failedRetry()),
                new Term("start-limit", timers.startLimit()),
                new Term("copy", Costs.WORST.copy()));
    }

    /** Returns the sum of the usual case. */
    public Duration expectedTotal() {
        return sum(expected);
    }

    /** Returns the sum of the longest case. */
    public Duration worstTotal() {
        return sum(worst);
    }

    private static Duration sum(List<Term> terms) {
        return terms.stream().map(Term::duration).reduce(Duration.ZERO, Duration::plus);
    }

    /** The terms of one column. */
    private static final class Terms {

        private final Timers timers;
        private final Costs costs;
        private final boolean worst;
        private final List<Term> terms = new ArrayList<>();

        Terms(Timers timers, Costs costs, boolean worst) {
            this.timers = timers;
            this.costs = costs;
            this.worst = worst;
        }

        List<Term> of(Fault fault) {
            switch (fault) {
                case KILLED_WITH_PROOF -> killed();
                case HOST_LOST -> challenged();
                case HANGS -> hung();
                case SWITCHOVER -> moved();
                case SERVICE_DOWN -> {
                    serviceFailed();
                    moved();
                }
                case STANDBY_KILLED -> {
                    proven();
                    relaxed();
                }
                case STANDBY_LOST -> {
                    add("heartbeat-silence", timers.heartbeatSilence());
                    add("relax-after", timers.relaxAfter());
                    relaxed();
                }
                case WITNESS_LOST -> {
                    // A follower of the lease store: the leader goes on, leases are renewed.
                }
                case ALL_RESTARTED -> restarted();
            }
            return terms;
        }

        private void add(String name, Duration duration) {
            terms.add(new Term(name, duration));
        }

        private void proven() {
            // Usually the dead port's refusal of the next heartbeat makes the question come early.
            if (worst) {
                add("proof-after", timers.proofAfter());
            }
            add("heartbeat-interval", timers.heartbeatInterval());
            add("kill", costs.kill());
            add("question", costs.question());
        }

        private void killed() {
            if (worst) {
                // The store stays silent beyond the provisional tenure: as if there were no proof.
                challenged();
                return;
            }
            proven();
            tenure();
        }

        private void hung() {
            if (worst) {
                // The guard finds no reason, or the standby was not ready: the lease decides.
                challenged();
                return;
            }
            add("lease x 0.6", Duration.ofNanos((long) (timers.lease().toNanos() * 0.6)));
            add("2 x question", costs.question().multipliedBy(2));
            add("kill", costs.kill());
            tenure();
        }

        private void challenged() {
            add("lease x challenge-factor", timers.challengeWait());
            if (worst) {
                // The last renewal was seen late, and the read that found the time over was lost.
                add("2 x renew-every", timers.renewEvery().multipliedBy(2));
            }
            Duration left = costs.storeGap().minus(timers.challengeWait());
            if (!left.isNegative() && !left.isZero()) {
                add("store-gap - lease x challenge-factor", left);
            }
            add("store-write", costs.storeWrite());
            tenure();
        }

        /** The ledger's consent, its first entry, and the database. */
        private void tenure() {
            add("2 x ledger-call", costs.ledgerCall().multipliedBy(2));
            add("promote", costs.promote());
        }

        private void moved() {
            add("stop-services", worst ? timers.stopLimit() : costs.stopServices());
            add("stop-database", worst ? timers.stopLimit() : costs.stopDatabase());
            add("2 x store-write", costs.storeWrite().multipliedBy(2));
            if (worst) {
                // The nudge was lost: the standby sees the free lease at its next read.
                add("renew-every", timers.renewEvery());
            }
            tenure();
        }

        private void serviceFailed() {
            add("service-delay", timers.serviceDelay());
            add("probe-interval", timers.probeInterval());
            if (worst) {
                add("probe-limit", timers.probeLimit());
            }
        }

        private void relaxed() {
            add("ledger-call", costs.ledgerCall());
            add("relax", costs.relax());
        }

        private void restarted() {
            add("boot", costs.boot());
            add("store-forms", costs.storeForms());
            add("lease x challenge-factor", timers.challengeWait());
            add("store-write", costs.storeWrite());
            add("2 x ledger-call", costs.ledgerCall().multipliedBy(2));
            add("recovery", costs.recovery());
        }
    }
}
