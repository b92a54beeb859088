package io.understudy.core.recovery;

import io.understudy.core.ledger.Reason;
import java.util.Map;
import java.util.Optional;

/** Bringing the instance up: databases, then services. */
final class Activation {

    private Activation() {}

    static void begin(Turn t) {
        t.s.phase = Phase.ACTIVATING;
        t.s.degraded = Optional.empty();
        t.s.replication = Replication.ALONE;
        t.tell(EventCode.TAKING_OVER);
        t.add(new Effect.Nudge());
    }

    static void duties(Turn t) {
        LeaseKeeping.renew(t);
        if (!t.stepIdle()) {
            return;
        }
        if (t.s.stage == Situation.Stage.RECORD && t.settings.data().present()) {
            t.s.stage = Situation.Stage.DATABASE;
            t.execute(t.s.fresh ? Step.DATABASE_CREATE : Step.DATABASE_PRIMARY);
        } else if (t.s.stage != Situation.Stage.SERVICES) {
            t.s.stage = Situation.Stage.SERVICES;
            t.execute(Step.SERVICES_START);
        }
    }

    static void stepEnded(Turn t, Step step, StepOutcome outcome, Optional<String> problem) {
        if (outcome == StepOutcome.DONE) {
            if (step == Step.SERVICES_START) {
                active(t);
            }
            return;
        }
        Map<String, String> details =
                Map.of("node", t.self().value(), "why", problem.orElse("no reason given"));
        t.s.failedHere = Optional.of(t.now);
        if (step == Step.SERVICES_START) {
            t.tell(EventCode.FAILED_MODE, details);
            active(t);
            t.s.degraded = Optional.of(Reason.START_OF_CRITICAL_SERVICES_FAILED);
            t.s.mendDue = t.now.plus(t.timers().failedRetry());
        } else {
            t.tell(EventCode.DATABASE_FAILED, details);
            Deactivation.giveUp(t, outcome == StepOutcome.FAILED);
        }
    }

    private static void active(Turn t) {
        t.s.phase = Phase.ACTIVE;
        t.s.stage = Situation.Stage.RECORD;
        t.s.degraded = Optional.empty();
        boolean home = t.self().equals(t.settings.home());
        t.tell(home ? EventCode.FALLBACK_COMPLETE : EventCode.FAILOVER_ACTIVE);
        t.add(new Effect.Nudge());
        t.conclude(t.s.askedToClaim() ? Optional.empty() : Optional.of(Refusal.DID_NOT_SUCCEED));
        if (t.s.running.isEmpty()) {
            t.s.failedHere = Optional.empty();
        }
    }
}
