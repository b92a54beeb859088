package io.understudy.core.recovery;

import io.understudy.core.peer.Contact;
import io.understudy.core.time.Moment;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The decisions about one instance on one node. Pure: the same situation, event and time always
 * give the same decision; the app server and the simulator run this very code.
 */
public final class Recovery {

    private final Settings settings;
    private final Rules rules;

    /** Decides by the standard rules. */
    public Recovery(Settings settings) {
        this(settings, Rules.STANDARD);
    }

    /** For the simulator's mutants. */
    Recovery(Settings settings, Rules rules) {
        this.settings = Objects.requireNonNull(settings, "settings");
        this.rules = Objects.requireNonNull(rules, "rules");
    }

    /** Returns the settings by which it decides. */
    public Settings settings() {
        return settings;
    }

    /**
     * Decides what follows from an event.
     *
     * @param situation what was known and intended before; not changed
     * @param event what happened
     * @param now this node's monotonic time, never before that of an earlier decision
     */
    public Decision decide(Situation situation, Event event, Moment now) {
        Turn t = new Turn(settings, rules, situation.copy(), now);
        if (settings.alone()) {
            // What was known of the other node while there was one counts no more.
            t.s.contact = Contact.SILENT;
            t.s.peer = Optional.empty();
        }
        // The end of a lease goes before everything: after a pause of this process the first
        // event, whatever it is, must find out that the time is over.
        LeaseKeeping.checkEnd(t);
        TransitionTable.row(t.s.phase, event.kind()).reaction().accept(t, event);
        LeaseKeeping.checkEnd(t);
        OperatorRequests.checkLimit(t);
        Holding.duties(t);
        t.repeat();
        duties(t);
        return t.decision();
    }

    /** Phases may follow one another within a decision; each change brings its own duties. */
    private static void duties(Turn t) {
        Phase before;
        do {
            before = t.s.phase;
            switch (before) {
                case STANDBY -> Standby.duties(t);
                case CLAIMING -> Claiming.duties(t);
                case ACTIVATING -> Activation.duties(t);
                case ACTIVE -> Active.duties(t);
                case DEACTIVATING -> Deactivation.duties(t);
                case RELEASING -> Deactivation.releasing(t);
                case KILLING -> LeaseKeeping.watch(t);
                case STOPPED -> {
                    // Takes no part any more.
                }
            }
        } while (t.s.phase != before);
    }

    /**
     * Returns whether this node would take the instance at once if the peer, which holds it, were
     * proven gone now. Only then is it worth while to have a peer that hangs ended.
     */
    public boolean wouldReplaceHolder(Situation situation, Moment now) {
        Situation supposed = situation.copy();
        supposed.contact = Contact.GONE;
        supposed.contactAsked = now;
        boolean held =
                supposed.phase == Phase.STANDBY
                        && supposed.record.filter(r -> r.isHeldBy(settings.peer())).isPresent();
        return held && Claiming.obstacles(new Turn(settings, rules, supposed, now)).isEmpty();
    }

    /** Says what keeps this node from taking the instance over, for people. */
    public Set<Obstacle> obstacles(Situation situation, Moment now) {
        return Claiming.obstacles(new Turn(settings, rules, situation.copy(), now));
    }
}
