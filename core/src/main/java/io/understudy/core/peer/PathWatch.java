package io.understudy.core.peer;

import io.understudy.core.time.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which of the two paths to a peer are lost. Rules:
 *
 * <ol>
 *   <li>A path is lost when it brought nothing for the heartbeat's silence, and the other one
 *       brought {@link #LOST_BEATS} beats meanwhile: a peer that ended is not a path that was lost.
 *   <li>What comes by a path counts for it only if the peer says that it hears ours by it: a path
 *       that carries one way is lost on both sides.
 *   <li>A lost path is up again when it has carried for {@link #STEADY} without such a silence, so
 *       that a loose plug does not move the traffic to and fro.
 *   <li>A path that was not proven yet is given {@link #GRACE} from the peer's first beat.
 * </ol>
 *
 * <p>Used by one thread.
 */
public final class PathWatch {

    /** So many beats come by the other path before a path is doubted, after half the silence. */
    public static final int DOUBT_BEATS = 3;

    /** So many beats come by the other path before a path counts as lost. */
    public static final int LOST_BEATS = 5;

    /** For so long a path that was lost must carry before it counts as up. */
    public static final Duration STEADY = Duration.ofSeconds(3);

    /** For so long a path may bring nothing after the peer was heard first. */
    public static final Duration GRACE = Duration.ofSeconds(5);

    private final Duration silence;
    private final Map<Path, Track> tracks = new EnumMap<>(Path.class);
    private Optional<Moment> heardSince = Optional.empty();

    private static final class Track {
        private PathState state = PathState.UNKNOWN;
        private Moment since;
        private Optional<Moment> last = Optional.empty();
        private Moment steadySince;
        private int missed;

        private Track(Moment now) {
            since = now;
            steadySince = now;
        }
    }

    /**
     * @param silence for how long a path may bring nothing
     */
    public PathWatch(Duration silence, Moment now) {
        this.silence = silence;
        for (Path path : Path.values()) {
            tracks.put(path, new Track(now));
        }
    }

    /**
     * Takes a beat of the peer's present process.
     *
     * @param mutual whether the peer says with it that it hears ours by this path
     */
    public void beat(Path path, boolean mutual, Moment now) {
        if (heardSince.isEmpty()) {
            heardSince = Optional.of(now);
        }
        tracks.get(path.other()).missed++;
        if (mutual) {
            Track track = tracks.get(path);
            if (track.last.filter(last -> !overdue(last, now)).isEmpty()) {
                track.steadySince = now;
            }
            track.last = Optional.of(now);
            track.missed = 0;
        }
    }

    /** The peer is heard by no path any more: nothing can be said of any that is not lost. */
    public void silent(Moment now) {
        heardSince = Optional.empty();
        for (Track track : tracks.values()) {
            forget(track);
            if (track.state.carries()) {
                become(track, PathState.UNKNOWN, now);
            }
        }
    }

    /** This process stood still: what did not come meanwhile says nothing. */
    public void paused(Moment now) {
        heardSince = heardSince.map(since -> now);
        for (Track track : tracks.values()) {
            track.missed = 0;
            track.last = track.last.map(last -> now);
        }
    }

    /** The path is another one now: nothing is known of it. */
    public void replaced(Path path, Moment now) {
        Track track = tracks.get(path);
        forget(track);
        become(track, PathState.UNKNOWN, now);
        heardSince = heardSince.map(since -> now);
    }

    private static void forget(Track track) {
        track.last = Optional.empty();
        track.missed = 0;
    }

    /** Returns the paths of which something else is known since now. */
    public List<Path> look(Moment now) {
        List<Path> changed = new ArrayList<>();
        if (heardSince.isPresent()) {
            for (Path path : Path.values()) {
                Track track = tracks.get(path);
                PathState next = next(track, now);
                if (next != track.state) {
                    become(track, next, now);
                    changed.add(path);
                }
            }
        }
        return changed;
    }

    private PathState next(Track track, Moment now) {
        boolean carries = track.last.filter(last -> !overdue(last, now)).isPresent();
        if (carries) {
            boolean steady = now.since(track.steadySince).compareTo(STEADY) >= 0;
            if (track.state == PathState.LOST && !steady) {
                return PathState.LOST;
            }
            boolean late = now.since(track.last.get()).compareTo(silence.dividedBy(2)) > 0;
            return late && track.missed >= DOUBT_BEATS ? PathState.DOUBTED : PathState.UP;
        }
        boolean waited =
                track.last.isPresent() || now.since(heardSince.orElseThrow()).compareTo(GRACE) > 0;
        return waited && track.missed >= LOST_BEATS ? PathState.LOST : track.state;
    }

    private boolean overdue(Moment last, Moment now) {
        return now.since(last).compareTo(silence) > 0;
    }

    private static void become(Track track, PathState next, Moment now) {
        if (track.state != next) {
            track.state = next;
            track.since = now;
        }
    }

    /** Returns what is known of a path. */
    public PathState state(Path path) {
        return tracks.get(path).state;
    }

    /** Returns since when that is so. */
    public Moment since(Path path) {
        return tracks.get(path).since;
    }
}
