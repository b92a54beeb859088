package io.understudy.systemtests;

import io.understudy.core.view.ClusterView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The shared cluster with other modes, and with a critical service that fails when told to. */
final class Cue {

    private static final String NAME = "cue";

    private final Cluster cluster;

    Cue(Cluster cluster) {
        this.cluster = cluster;
    }

    /** All is well again, whatever a test left; the group has these modes and timers. */
    void rehearse(String failover, String fallback, String timers) throws IOException {
        for (String node : Layout.NODES) {
            mend(node);
        }
        cluster.apply(group(failover, fallback, timers, "delay: 3s, restarts: 1"));
        takeServices();
    }

    /** The same with a profile's delay for the service. */
    void rehearseClassic() throws IOException {
        cluster.apply(group("automatic", "manual", "classic", "restarts: 1"));
        // Services take changed timers when they are started next.
        cluster.awaitWhole(Layout.ALPHA);
        cluster.act("switchover");
        cluster.bringHome();
    }

    /** Returns whether the service works on the node that serves. */
    boolean plays() {
        return Layout.NODES.stream()
                .flatMap(n -> cluster.instance(n).stream().filter(i -> n.equals(i.active())))
                .flatMap(i -> i.services().stream().filter(s -> s.node().equals(i.active())))
                .anyMatch(s -> s.name().equals(NAME) && s.condition().equals("RUNNING"));
    }

    private void takeServices() {
        cluster.bringHome();
        if (!plays()) {
            cluster.act("switchover");
            cluster.bringHome();
        }
    }

    private String group(String failover, String fallback, String timers, String keys)
            throws IOException {
        String service =
                """
                      - name: cue
                        kind: process
                        start: ["/bin/sh", "-c", "test ! -e '%1$s-'$UNDERSTUDY_NODE && exec sleep 100000"]
                        probe: { command: ["/bin/sh", "-c", "test ! -e '%1$s-'$UNDERSTUDY_NODE"] }
                        after: []
                        critical: true
                """
                        .formatted(broken());
        StringBuilder all = new StringBuilder(service);
        for (String key : keys.split(", ")) {
            all.append("        ").append(key).append('\n');
        }
        return Files.readString(cluster.layout().groupFile())
                .replace("failover: automatic", "failover: " + failover)
                .replace("fallback: manual", "fallback: " + fallback)
                .replace("timers: fast", "timers: " + timers)
                .replace("    databases:\n", all + "    databases:\n");
    }

    private Path broken() {
        return cluster.layout().directory().resolve("broken");
    }

    /** From now on the service fails, and does not start, on this node. */
    void breakOn(String node) throws IOException {
        Files.createFile(Path.of(broken() + "-" + node));
    }

    /** The cause is away. */
    void mend(String node) throws IOException {
        Files.deleteIfExists(Path.of(broken() + "-" + node));
    }

    /** Returns a node's state, as {@code seenBy} sees it; empty if it does not answer. */
    Optional<ClusterView.NodeState> state(String seenBy, String node) {
        return cluster.status(seenBy).stream()
                .flatMap(v -> v.groups().stream())
                .flatMap(g -> g.states().stream())
                .filter(s -> s.node().equals(node))
                .findFirst();
    }

    /** Returns a timer in force, as {@code node} sees it. */
    Optional<String> timer(String node, String key) {
        return cluster.status(node).stream()
                .flatMap(v -> v.groups().stream())
                .map(g -> g.timers().get(key))
                .findFirst();
    }
}
