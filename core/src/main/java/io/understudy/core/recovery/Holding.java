package io.understudy.core.recovery;

import io.understudy.core.database.DatabaseRole;
import io.understudy.core.lease.Epoch;
import io.understudy.core.lease.LeaseRecord;
import java.util.Map;
import java.util.Optional;

/**
 * Maintenance of an instance: nothing is moved, started or mended by itself until it ends. Watching
 * and copying go on, and so does what safety needs: a healthy holder renews, a lease that runs out
 * ends the tenure, replication is relaxed and joined with its record first, and the node whose turn
 * it is may take its own lease again.
 */
final class Holding {

    private Holding() {}

    static void set(Turn t, Optional<Event.HoldTime> time) {
        t.s.hold = time;
        // A reminder whose moment has passed was given by an earlier life of this node.
        t.s.holdReminded = time.filter(h -> t.now.isBefore(h.reminder())).isEmpty();
    }

    /** Gives the reminder, and ends the hold, each in its time. */
    static void duties(Turn t) {
        if (t.s.hold.isEmpty()) {
            return;
        }
        Event.HoldTime hold = t.s.hold.get();
        if (t.reached(hold.until())) {
            t.s.hold = Optional.empty();
            tell(t, EventCode.HOLD_ENDED);
        } else if (!t.s.holdReminded && t.reached(hold.reminder())) {
            t.s.holdReminded = true;
            tell(t, EventCode.HOLD_ENDS_SOON);
        }
    }

    /** Both nodes know; the holder tells, or the home node where nobody holds. */
    private static void tell(Turn t, EventCode code) {
        boolean nobody = t.s.record.flatMap(LeaseRecord::holder).isEmpty();
        if (t.s.held || nobody && t.self().equals(t.settings.home())) {
            t.tell(code, Map.of("node", t.self().value()));
        }
    }

    /** Returns whether an act that nobody asked for must be left undone. */
    static boolean handsOff(Turn t) {
        return t.s.hold.isPresent() && t.rules.handsOffWhileHeld();
    }

    /**
     * Copying is not acting: a copy follows a new tenure, and one whose node started again follows
     * as before. One that has followed in this life of the node and was stopped since is left
     * alone: somebody may be at work on it.
     */
    static boolean mayFollow(Turn t) {
        return t.s.followed.equals(Epoch.NONE)
                || t.s.databases.stream().allMatch(d -> d.role() == DatabaseRole.STANDBY);
    }

    /** The instance stays where it is: it may be taken again there, and nowhere else. */
    static boolean keepsFromTaking(Turn t) {
        boolean mine =
                t.s.ledger
                        .map(e -> e.assigned().equals(t.self()))
                        .orElse(t.self().equals(t.settings.home()));
        return handsOff(t) && !mine && !t.s.askedToClaim();
    }
}
