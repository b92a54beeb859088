package io.understudy.ejb.recovery;

import io.understudy.core.peer.PathState;
import io.understudy.core.peer.PeerFacts;
import io.understudy.core.view.ClusterView;
import java.time.Duration;
import java.util.List;

/** Shows by which networks a peer is reached. */
final class PathViews {

    private PathViews() {}

    /**
     * @param now on the clock of the facts
     */
    static List<ClusterView.Path> of(PeerFacts facts, long now) {
        return facts.paths().stream()
                .map(
                        path ->
                                new ClusterView.Path(
                                        path.path().name(),
                                        path.address(),
                                        shown(path.state()).name(),
                                        (now - path.since().nanos()) / 1_000_000,
                                        path.meanResponse().map(PathViews::millis).orElse(null),
                                        path.jitter().map(PathViews::millis).orElse(null)))
                .toList();
    }

    /** A doubt is over in a moment, one way or the other. */
    private static PathState shown(PathState state) {
        return state == PathState.DOUBTED ? PathState.UP : state;
    }

    /** Returns milliseconds with two decimals. */
    static Double millis(Duration d) {
        return Math.round(d.toNanos() / 10_000.0) / 100.0;
    }
}
