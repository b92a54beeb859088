package io.understudy.ejb.recovery;

import io.understudy.cluster.heartbeat.Heartbeat;
import io.understudy.cluster.heartbeat.HeartbeatListener;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.node.NodeName;
import io.understudy.core.recovery.Event;
import io.understudy.ejb.beat.Beat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What nodes tell each other with every beat, past the lease store, and may lose.
 *
 * <ul>
 *   <li>That leases were just renewed, so that who stands by reads them now.
 *   <li>Which tenures are over although the store still shows them. A node that loses the store,
 *       and not its peers, would else keep them waiting for a lease that it has long let go. A beat
 *       has room for some forty instances: of more, others are said every fifth of a second.
 * </ul>
 *
 * Safe for use by several threads.
 */
final class Asides implements HeartbeatListener {

    private static final int ROOM = 500;
    private static final Duration TURN = Duration.ofMillis(200);

    /** Hundreds of leases are renewed by one write: to be told of each half of them costs twice. */
    private static final Duration RENEWALS_GATHERED = Duration.ofMillis(20);

    /**
     * Less than from one renewal to the next; while hundreds are claimed they come all the time.
     */
    private static final Duration RENEWALS_APART = Duration.ofMillis(200);

    private static final String RENEWALS = "renewals=";

    private final NodeName self;
    private final Heartbeat heartbeat;
    private final Map<InstanceName, InstanceLoop> loops;
    private final Coalesced renewal;
    private final Map<NodeName, String> renewals = new ConcurrentHashMap<>();
    private String said = "";
    private int first;
    private long renewed;

    /**
     * Listens from now on.
     *
     * @param loops the instances of this node
     */
    Asides(Recoveries.Surroundings around, Map<InstanceName, InstanceLoop> loops) {
        this.self = around.node().name();
        this.heartbeat = around.heartbeat();
        this.loops = loops;
        this.renewal =
                Coalesced.gathering(
                        around.timer(),
                        around.workers(),
                        RENEWALS_APART,
                        around.nanos(),
                        this::sayRenewed,
                        RENEWALS_GATHERED);
        heartbeat.listen(this);
        Beat.every(around.timer(), TURN, this::say);
    }

    /** A lease was renewed here. */
    void renewed() {
        renewal.ask();
    }

    private synchronized void sayRenewed() {
        renewed++;
        say();
    }

    /** Says what is to be said now; at once if it is something else than before. */
    synchronized void say() {
        List<String> words = new ArrayList<>();
        loops.forEach(
                (name, loop) ->
                        loop.situation()
                                .letGo(self)
                                .ifPresent(epoch -> words.add(name + ":" + epoch.value())));
        if (words.isEmpty() && renewed == 0) {
            return;
        }
        StringBuilder some = new StringBuilder(RENEWALS + renewed + " ");
        int count = 0;
        while (count < words.size()) {
            String word = words.get((first + count) % words.size());
            if (some.length() + word.length() >= ROOM) {
                break;
            }
            some.append(word).append(' ');
            count++;
        }
        first = count < words.size() ? (first + count) % words.size() : 0;
        if (!some.toString().equals(said)) {
            said = some.toString();
            heartbeat.hint(said.getBytes(StandardCharsets.UTF_8));
            // Others learn of it by the next beat; they have nothing to do about it.
            loops.values().stream()
                    .map(loop -> loop.settings().peer())
                    .distinct()
                    .forEach(heartbeat::hurry);
        }
    }

    @Override
    public void hinted(NodeName peer, byte[] hint) {
        String count = renewals(hint);
        if (!count.equals(renewals.put(peer, count))) {
            loops.values().stream()
                    .filter(loop -> loop.settings().peer().equals(peer))
                    .forEach(loop -> loop.post(new Event.PeerRenewed()));
        }
        letGo(hint)
                .forEach(
                        (instance, epoch) -> {
                            InstanceLoop loop = loops.get(instance);
                            if (loop != null && loop.settings().peer().equals(peer)) {
                                loop.post(new Event.PeerLetGo(peer, epoch));
                            }
                        });
    }

    /** Returns by what one renewal is told from the next; empty: none was told. */
    static String renewals(byte[] hint) {
        String first = new String(hint, StandardCharsets.UTF_8).split(" ", 2)[0];
        return first.startsWith(RENEWALS) ? first : "";
    }

    /** Reads which tenures are over; what another version may say besides is left out. */
    static Map<InstanceName, Epoch> letGo(byte[] hint) {
        Map<InstanceName, Epoch> all = new HashMap<>();
        for (String word : new String(hint, StandardCharsets.UTF_8).split(" ")) {
            int colon = word.indexOf(':');
            try {
                if (colon > 0) {
                    all.put(
                            InstanceName.of(word.substring(0, colon)),
                            new Epoch(Long.parseLong(word.substring(colon + 1))));
                }
            } catch (IllegalArgumentException other) {
                System.getLogger(Asides.class.getName())
                        .log(System.Logger.Level.DEBUG, "a hint of another form", other);
            }
        }
        return all;
    }
}
