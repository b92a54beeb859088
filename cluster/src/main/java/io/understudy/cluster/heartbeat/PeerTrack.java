package io.understudy.cluster.heartbeat;

import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.peer.Path;
import io.understudy.core.peer.PathFacts;
import io.understudy.core.peer.PathWatch;
import io.understudy.core.peer.PeerFacts;
import io.understudy.core.time.Moment;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the heartbeat knows of one peer. Used by the heartbeat's thread; what others read is in
 * {@link #facts} and {@link #last}.
 */
final class PeerTrack {

    /** What a beat is worth. */
    enum Worth {
        /** From the peer's present process, which knows this one: contact. */
        CONTACT,
        /** As above, and the process is another one than before. */
        NEW_PROCESS,
        /** Authentic, but does not show that it was made for this process: may be a recording. */
        HELLO,
        /** Seen before, or from a process that is over. */
        STALE
    }

    private static final int RETIRED = 1024;
    private static final int CONTRADICTIONS = 3;

    private static final long CLAIM_TOLD_EVERY = 300_000_000_000L;
    private static final long LEFTOVERS_NANOS = 5_000_000_000L;

    private final NodeName name;
    private final InetAddress address;
    private final long ownBoot;
    private final long silence;
    private final PathWatch watch;
    private final Map<Path, PathTrack> paths = new EnumMap<>(Path.class);
    private final Set<Long> retired =
            Collections.newSetFromMap(
                    new LinkedHashMap<Long, Boolean>() {
                        private static final long serialVersionUID = 1L;

                        @Override
                        protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
                            return size() > RETIRED;
                        }
                    });
    private Optional<InetAddress> direct = Optional.empty();
    private long boot;
    private long heardAt;

    /** What its process heard of us before, it heard of an earlier one. */
    private long metAt;

    private long beatAt;
    private int beatsSinceGone;
    private Contact contact = Contact.SILENT;
    private Moment since;
    private volatile PeerFacts facts;
    private volatile Beat last;
    private long retiredAt;
    private long claimToldAt;

    /**
     * @param address where the peer beats from, by cluster.members
     * @param silence after which a path that brings nothing brings nothing
     */
    PeerTrack(NodeName name, InetAddress address, long ownBoot, Duration silence, long now) {
        this.name = name;
        this.address = address;
        this.ownBoot = ownBoot;
        this.silence = silence.toNanos();
        this.watch = new PathWatch(silence, new Moment(now));
        for (Path path : Path.values()) {
            paths.put(path, new PathTrack(now));
        }
        this.heardAt = now;
        this.metAt = now;
        this.beatAt = now;
        this.since = new Moment(now);
        publish(now);
    }

    Worth judge(Beat beat) {
        if (retired.contains(beat.boot())) {
            return Worth.STALE;
        }
        if (beat.toBoot() != ownBoot) {
            return Worth.HELLO;
        }
        if (beat.boot() != boot) {
            return Worth.NEW_PROCESS;
        }
        return beat.counter() > path(beat.path()).counter() ? Worth.CONTACT : Worth.STALE;
    }

    /**
     * Takes a beat that is contact. Who has long heard nothing of us, by its own word, counts as
     * silent since then: it is not reached, however well it is heard. By two paths the better one
     * counts.
     */
    void heard(Beat beat, long now) {
        boolean fresh = beat.boot() != boot;
        if (fresh) {
            if (boot != 0) {
                retired.add(boot);
                retiredAt = now;
            }
            boot = beat.boot();
            paths.values().forEach(PathTrack::restart);
        }
        path(beat.path()).heard(beat, now);
        beatAt = now;
        last = beat;
        if (contact == Contact.GONE && !fresh && ++beatsSinceGone < CONTRADICTIONS) {
            // Beats may still be on their way when their sender is proven dead. If they go on,
            // the proof was none (a firewall that rejects) and the peer lives.
            return;
        }
        if (fresh) {
            metAt = now;
        }
        boolean deaf = beat.echo() != 0 && beat.echoDelay() > silence / 2;
        path(beat.path()).reached(deaf ? Math.max(metAt, now - beat.echoDelay()) : now);
        heardAt = Math.max(path(Path.MAIN).heardAt(), path(Path.DIRECT).heardAt());
        if (now - heardAt > silence) {
            publish(now);
            return;
        }
        watch.beat(beat.path(), beat.echo() != 0 && !deaf, new Moment(now));
        become(Contact.HEARD, now);
    }

    /** Looks for silence, of the peer and of each path; returns the paths that changed. */
    List<PathFacts> look(long now) {
        if (contact == Contact.HEARD && now - heardAt > silence) {
            watch.silent(new Moment(now));
            become(Contact.SILENT, now);
        }
        List<Path> changed = direct.isPresent() ? watch.look(new Moment(now)) : List.of();
        publish(now);
        return changed.stream().map(path -> facts.path(path).orElseThrow()).toList();
    }

    /**
     * Takes a proof of death; one that was asked for before the last beat came is none.
     *
     * @param asked when the proof was asked for
     */
    void gone(Moment asked, long now) {
        if (contact == Contact.GONE || asked.isBefore(new Moment(beatAt))) {
            return;
        }
        beatsSinceGone = 0;
        contact = Contact.GONE;
        since = asked;
        watch.silent(new Moment(now));
        publish(now);
    }

    /** Takes where the peer is reached by the direct link; empty: there is none to it. */
    void direct(Optional<InetAddress> next, long now) {
        if (!direct.equals(next)) {
            direct = next;
            path(Path.DIRECT).restart();
            watch.replaced(Path.DIRECT, new Moment(now));
        }
    }

    /**
     * Returns whether a beat shows that a second process lives under this peer's name: it comes
     * from elsewhere, or from a process that was succeeded long ago. Says so once in a while only.
     */
    boolean claimed(Beat beat, InetAddress from, long now) {
        boolean elsewhere = beat.path() == Path.MAIN && !address.equals(from);
        boolean survivor = retired.contains(beat.boot()) && now - retiredAt > LEFTOVERS_NANOS;
        boolean due = claimToldAt == 0 || now - claimToldAt > CLAIM_TOLD_EVERY;
        if ((elsewhere || survivor) && due) {
            claimToldAt = now;
            return true;
        }
        return false;
    }

    /** Returns whether this is where the peer beats from on that path. */
    boolean isAt(Path path, InetAddress from) {
        return path == Path.MAIN ? address.equals(from) : direct.filter(from::equals).isPresent();
    }

    /** Forgets silence that may be this process's own. */
    void restartSilence(long now) {
        heardAt = now;
        metAt = now;
        if (!mainLost()) {
            path(Path.MAIN).reached(now);
        }
        watch.paused(new Moment(now));
    }

    long silentFor(long now) {
        return now - heardAt;
    }

    private void become(Contact next, long now) {
        if (contact != next) {
            contact = next;
            since = new Moment(now);
        }
        publish(now);
    }

    /** Makes what is known now visible to other threads. */
    void publish(long now) {
        PathTrack main = path(Path.MAIN);
        boolean mainLost = contact == Contact.HEARD && now - main.heardAt() > silence;
        facts =
                new PeerFacts(
                        name,
                        contact,
                        since,
                        new Moment(beatAt),
                        main.responses().mean(now),
                        main.responses().jitter(now),
                        mainLost,
                        direct.map(to -> pathFacts(to, now)).orElse(List.of()));
    }

    private List<PathFacts> pathFacts(InetAddress to, long now) {
        return List.of(pathFacts(Path.MAIN, address, now), pathFacts(Path.DIRECT, to, now));
    }

    private PathFacts pathFacts(Path path, InetAddress to, long now) {
        ResponseTimes responses = path(path).responses();
        return new PathFacts(
                path,
                to.getHostAddress(),
                watch.state(path),
                watch.since(path),
                responses.mean(now),
                responses.jitter(now));
    }

    private boolean mainLost() {
        return facts.mainLost();
    }

    PathTrack path(Path path) {
        return paths.get(path);
    }

    NodeName name() {
        return name;
    }

    PeerFacts facts() {
        return facts;
    }

    Contact contact() {
        return contact;
    }

    long boot() {
        return boot;
    }

    Optional<Beat> last() {
        return Optional.ofNullable(last);
    }
}
