package io.understudy.core.state;

import io.understudy.core.recovery.OperatorAction;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Which actions are offered in which state; the same answer for the status page and the CLI. */
public final class Buttons {

    private static final Set<NodeState> IN_BACKUP =
            EnumSet.of(NodeState.IDLE, NodeState.FAILED_OVER);

    private static final String LOSS = "-accept-loss";

    private Buttons() {}

    /**
     * An action and whether it is offered. What is offered can still be refused: the node that acts
     * knows more.
     *
     * @param action what an operator can do
     * @param offered whether it makes sense now
     * @param why the key of the reason in the message bundle, with the prefix {@code button.}
     */
    public record Offer(OperatorAction action, boolean offered, String why) {
        /** Refuses nulls. */
        public Offer {
            Objects.requireNonNull(action, "action");
            Objects.requireNonNull(why, "why");
        }
    }

    /** Returns an offer for every button, in their order. */
    public static List<Offer> offers(PairSituation situation) {
        PairStates states = PairStates.derive(situation);
        List<Offer> offers = new ArrayList<>();
        for (OperatorAction action : OperatorAction.values()) {
            String why = why(action, situation, states);
            offers.add(new Offer(action, why.startsWith("yes"), why));
        }
        return List.copyOf(offers);
    }

    /**
     * Returns the one action that mends what is the matter, if one is offered that costs nothing:
     * to recover what failed; to fail over where nobody serves and nobody does so by himself; to go
     * home. Moving what runs well mends nothing.
     *
     * @param served whether a node serves the instance
     * @param automatic whether failover comes by itself
     */
    public static Optional<OperatorAction> remedy(
            List<Offer> offers, boolean served, boolean automatic) {
        return Stream.of(OperatorAction.RECOVER, OperatorAction.FAILOVER, OperatorAction.FALLBACK)
                .filter(a -> a != OperatorAction.FAILOVER || !served && !automatic)
                .filter(
                        a ->
                                offers.stream()
                                        .filter(o -> o.action() == a)
                                        .anyMatch(o -> o.offered() && !o.why().endsWith(LOSS)))
                .findFirst();
    }

    private static String why(OperatorAction action, PairSituation s, PairStates states) {
        boolean moving =
                states.home().state().kind() == NodeState.Kind.TRANSITION
                        && states.backup().state().kind() == NodeState.Kind.TRANSITION;
        if (!s.enabled()) {
            return "no-not-enabled";
        }
        if (moving) {
            return "no-under-way";
        }
        if (s.home().equals(s.backup()) && action != OperatorAction.RECOVER) {
            return "no-stand-alone";
        }
        return switch (action) {
            case SWITCHOVER -> switchover(s);
            case FAILOVER -> failover(s, states);
            case FALLBACK -> fallback(s, states);
            case RECOVER -> recover(s, states);
            case RESYNC -> resync(s);
        };
    }

    private static String switchover(PairSituation s) {
        Standing home = Standing.of(s, s.home());
        Standing backup = Standing.of(s, s.backup());
        if (home != Standing.ACTIVE && backup != Standing.ACTIVE) {
            return "no-nobody-serves";
        }
        Standing other = home == Standing.ACTIVE ? backup : home;
        return whyNotTo(other, s, "yes-switchover");
    }

    private static String failover(PairSituation s, PairStates states) {
        Standing home = Standing.of(s, s.home());
        Standing backup = Standing.of(s, s.backup());
        if (states.backup().state() == NodeState.RUNNING_IN_BACKUP_MODE) {
            return "no-already-there";
        }
        if (home == Standing.ACTIVE) {
            return whyNotTo(backup, s, "yes-failover");
        }
        if (!s.majority()) {
            return "no-majority";
        }
        // Nobody serves: the backup may, if need be with the loss accepted.
        return switch (backup) {
            case UNSEEN -> "no-other-unseen";
            case STOPPED -> "no-other-stopped";
            default -> s.standbyInSync() ? "yes-failover" : "yes-failover" + LOSS;
        };
    }

    private static String fallback(PairSituation s, PairStates states) {
        if (states.backup().state() != NodeState.RUNNING_IN_BACKUP_MODE) {
            return "no-already-there";
        }
        return IN_BACKUP.contains(states.home().state())
                ? whyNotTo(Standing.of(s, s.home()), s, "yes-fallback")
                : whyNotTo(Standing.of(s, s.home()), s, "no-other-unable");
    }

    private static String whyNotTo(Standing other, PairSituation s, String yes) {
        return switch (other) {
            case UNSEEN -> "no-other-unseen";
            case UNABLE, FAILED -> "no-other-unable";
            case STOPPED -> "no-other-stopped";
            case INITIALIZING -> "no-other-starting";
            case STANDBY, TAKING, ACTIVE, LEAVING -> s.standbyInSync() ? yes : "no-not-in-sync";
        };
    }

    private static String recover(PairSituation s, PairStates states) {
        boolean failed =
                states.home().state() == NodeState.RUNNING_IN_FAILED_MODE
                        || states.backup().state() == NodeState.RUNNING_IN_FAILED_MODE
                        || Standing.of(s, s.home()) == Standing.FAILED;
        return failed ? "yes-recover" : s.parked() ? "yes-start" : "no-nothing-to-recover";
    }

    private static String resync(PairSituation s) {
        Standing home = Standing.of(s, s.home());
        Standing backup = Standing.of(s, s.backup());
        if (home != Standing.ACTIVE && backup != Standing.ACTIVE) {
            return "no-nobody-serves";
        }
        Standing other = home == Standing.ACTIVE ? backup : home;
        return switch (other) {
            case UNSEEN -> "no-other-unseen";
            case STOPPED -> "no-other-stopped";
            default -> "yes-resync";
        };
    }
}
