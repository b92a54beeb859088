package io.understudy.cluster.voters;

import io.understudy.cluster.heartbeat.HeartbeatListener;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.peer.PeerFacts;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Judges by our own heartbeat whom Hazelcast is to drop. A member that never beat is still
 * starting: its Hazelcast joins before its heartbeat. What the direct link brings counts for
 * nothing here: Hazelcast does not use it.
 *
 * <ul>
 *   <li>Who is proven gone is dropped at once, and who is silent as soon as it is clear whether the
 *       other one is silent too: two members' last beats are up to an interval apart.
 *   <li>Who falls silent when the other one had been lost before is left to Hazelcast: nobody else
 *       would be left to make a majority with, and it mostly speaks again a moment later.
 *   <li>Where both fall silent together it is this member that is cut off, and the others drop it.
 *       It drops both, so that it is alone and may join them at once when they can be reached
 *       again. If it dropped one of them only, Hazelcast would ask the other one, for five seconds,
 *       who is the master now.
 * </ul>
 */
final class Suspicion implements HeartbeatListener {

    /** A heartbeat interval, by default, and something for a busy host. */
    static final Duration SETTLED = Duration.ofMillis(150);

    private final Consumer<Set<NodeName>> drop;
    private final BiConsumer<Duration, Runnable> timer;
    private final Set<NodeName> others;
    private final Set<NodeName> known = new HashSet<>();
    private final Set<NodeName> heard = new HashSet<>();
    private final Set<NodeName> silent = new HashSet<>();

    /**
     * @param drop drops those that it is given, and does not block
     * @param timer runs a task that does not block after a while
     * @param self this member
     * @param voting all voters
     */
    Suspicion(
            Consumer<Set<NodeName>> drop,
            BiConsumer<Duration, Runnable> timer,
            NodeName self,
            Set<NodeName> voting) {
        this.drop = drop;
        this.timer = timer;
        this.others = new HashSet<>(voting);
        others.remove(self);
    }

    /** Takes in what is known already when the heartbeat begins to be listened to. */
    synchronized void known(PeerFacts facts) {
        if (others.contains(facts.name()) && facts.byMain() == Contact.HEARD) {
            known.add(facts.name());
            heard.add(facts.name());
            silent.remove(facts.name());
        }
    }

    @Override
    public void byMainChanged(PeerFacts facts) {
        contactChanged(facts);
    }

    @Override
    public synchronized void contactChanged(PeerFacts facts) {
        NodeName name = facts.name();
        if (facts.byMain() == Contact.HEARD) {
            known(facts);
            return;
        }
        if (!others.contains(name)) {
            // It is no part of the store, and its life makes no majority.
            return;
        }
        boolean before = heard.remove(name);
        if (facts.byMain() == Contact.GONE) {
            silent.remove(name);
            if (known.remove(name)) {
                drop.accept(Set.of(name));
            }
        } else if (before) {
            silent.add(name);
            timer.accept(SETTLED, this::judge);
        }
    }

    /** Of those that fell silent lately and are silent still. */
    private synchronized void judge() {
        boolean cutOff = silent.containsAll(others);
        if (!silent.isEmpty() && (!heard.isEmpty() || cutOff)) {
            drop.accept(Set.copyOf(silent));
        }
        silent.clear();
    }
}
