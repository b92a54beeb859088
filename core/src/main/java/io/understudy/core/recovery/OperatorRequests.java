package io.understudy.core.recovery;

import io.understudy.core.lease.Epoch;
import io.understudy.core.ledger.Reason;
import java.time.Duration;
import java.util.Optional;

/** What operators ask: refused whole with the reason, or begun. */
final class OperatorRequests {

    /** A request that has not come to its end by then is answered so. */
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private OperatorRequests() {}

    static void checkLimit(Turn t) {
        if (t.s.request.isPresent() && t.reached(t.s.request.get().asked().plus(LIMIT))) {
            t.conclude(Optional.of(Refusal.TIMED_OUT));
        }
    }

    static void refuse(Turn t, Event.Operator asked, Refusal why) {
        t.add(new Effect.Conclude(asked.id(), Optional.of(why)));
    }

    private static void accept(Turn t, Event.Operator asked, boolean claims) {
        t.s.request =
                Optional.of(
                        new Situation.Request(
                                asked.id(), asked.action(), asked.acceptLoss(), t.now, claims));
    }

    static void whileActive(Turn t, Event.Operator asked) {
        if (Holding.handsOff(t)) {
            refuse(t, asked, Refusal.HELD);
            return;
        }
        if (t.s.request.isPresent()) {
            refuse(t, asked, Refusal.BUSY);
            return;
        }
        boolean home = t.self().equals(t.settings.home());
        if (t.settings.alone() && asked.action() != OperatorAction.RECOVER) {
            refuse(t, asked, Refusal.STAND_ALONE);
            return;
        }
        switch (asked.action()) {
            case RECOVER -> recover(t, asked);
            case RESYNC -> refuse(t, asked, Refusal.ALREADY_THERE);
            case FAILOVER -> moveIf(t, asked, home);
            case FALLBACK -> moveIf(t, asked, !home);
            case SWITCHOVER -> moveIf(t, asked, true);
        }
    }

    private static void recover(Turn t, Event.Operator asked) {
        if (t.s.degraded.isPresent()) {
            t.s.mendDue = t.now;
            t.s.failedHere = Optional.empty();
            t.add(new Effect.Conclude(asked.id(), Optional.empty()));
        } else if (ReplicationKeeping.goAlone(t)) {
            t.add(new Effect.Conclude(asked.id(), Optional.empty()));
        } else if (t.s.peer.filter(p -> p.phase() == Phase.STANDBY && !p.able()).isPresent()) {
            // Nothing here; the peer, which failed, is asked as well and tries again.
            t.add(new Effect.Conclude(asked.id(), Optional.empty()));
        } else {
            refuse(t, asked, Refusal.NOTHING_TO_RECOVER);
        }
    }

    private static void moveIf(Turn t, Event.Operator asked, boolean sensible) {
        Optional<Refusal> why = !sensible ? Optional.of(Refusal.ALREADY_THERE) : Active.refusal(t);
        if (why.isEmpty() && (!t.stepIdle() || !t.ledgerIdle())) {
            why = Optional.of(Refusal.BUSY);
        }
        if (why.isPresent()) {
            refuse(t, asked, why.get());
        } else {
            accept(t, asked, false);
            Deactivation.begin(t, t.peer(), Reason.ON_ADMIN_REQUEST, false);
        }
    }

    static void whileStandby(Turn t, Event.Operator asked) {
        boolean peerServes =
                t.s.record.filter(r -> r.isHeldBy(t.peer())).isPresent()
                        && t.s.heardByMain()
                        && !t.rules.mayChallenge(t.s.recordSince, t.now, t.timers(), t.counted());
        if (Holding.handsOff(t)) {
            refuse(t, asked, Refusal.HELD);
        } else if (t.settings.alone() && asked.action() == OperatorAction.RESYNC) {
            refuse(t, asked, Refusal.STAND_ALONE);
        } else if (asked.action() == OperatorAction.RESYNC) {
            t.s.followed = Epoch.NONE;
            t.s.followDue = t.now;
            t.add(new Effect.Conclude(asked.id(), Optional.empty()));
        } else if (t.s.request.isPresent()) {
            refuse(t, asked, Refusal.BUSY);
        } else if (peerServes) {
            refuse(t, asked, Refusal.HOLDER_LIVES);
        } else if (!t.s.storeAnswers) {
            refuse(t, asked, Refusal.NO_MAJORITY);
        } else if (pinned(t) && !asked.acceptLoss()) {
            refuse(t, asked, Refusal.PINNED);
        } else if (lacksData(t) && !asked.acceptLoss()) {
            refuse(t, asked, Refusal.NOT_IN_SYNC);
        } else {
            t.s.failedHere = Optional.empty();
            accept(t, asked, true);
        }
    }

    private static boolean lacksData(Turn t) {
        return t.settings.data().present()
                && t.s.ledger.filter(e -> !t.rules.holdsEverything(e, t.self())).isPresent();
    }

    private static boolean pinned(Turn t) {
        return t.s.ledger.filter(e -> Pinning.byAnother(t, e)).isPresent();
    }
}
