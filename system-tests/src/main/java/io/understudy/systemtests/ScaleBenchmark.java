package io.understudy.systemtests;

import io.understudy.core.view.ClusterView;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What many instances on one pair cost: processor time and memory of nodes that have nothing to do,
 * and how long it takes until all are served again after the active node was killed. Prints the
 * figures of docs/benchmarks.md.
 */
public final class ScaleBenchmark {

    private static final Duration LIMIT = Duration.ofSeconds(180);

    private final PrintStream out = System.out;
    private final int instances;
    private final int idleSeconds;
    private final int runs;
    private final Cluster cluster;
    private final Crowd crowd;

    private ScaleBenchmark(int instances, int idleSeconds, int runs) throws IOException {
        this.instances = instances;
        this.idleSeconds = idleSeconds;
        this.runs = runs;
        this.cluster = Cluster.make();
        this.crowd = new Crowd(instances, cluster.layout().directory().resolve("marks"));
        Files.writeString(cluster.layout().groupFile(), crowd.yaml());
    }

    /**
     * Takes {@code --instances N} (200), {@code --idle SECONDS} (30; 0 leaves it out) and {@code
     * --runs N} of kills (3); ends with status 1 if an instance was not served again.
     */
    public static void main(String[] arguments) throws IOException {
        Map<String, Integer> options = new LinkedHashMap<>();
        options.put("--instances", 200);
        options.put("--idle", 30);
        options.put("--runs", 3);
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            options.put(arguments[i], Integer.parseInt(arguments[i + 1]));
        }
        if (!Host.obstacle().isEmpty() || options.size() != 3) {
            System.err.println(Host.obstacle() + " usage: --instances N --idle SECONDS --runs N");
            System.exit(2);
        }
        ScaleBenchmark benchmark =
                new ScaleBenchmark(
                        options.get("--instances"), options.get("--idle"), options.get("--runs"));
        System.exit(benchmark.run() ? 0 : 1);
    }

    private boolean run() throws IOException {
        try {
            cluster.startAll(Layout.MEMBERS);
            start();
            if (idleSeconds > 0) {
                idle();
            }
            String active = Layout.ALPHA;
            for (int i = 1; i <= runs; i++) {
                kill(active, i);
                active = Layout.other(active);
            }
            cluster.close();
            return true;
        } catch (AssertionError | RuntimeException e) {
            out.println("FAILED: " + e.getMessage());
            cluster.abandon("scale", e);
            return false;
        }
    }

    private void start() throws IOException {
        awaitVoters();
        Map<String, ThreadFigures> before = threads();
        Instant begun = Instant.now();
        cluster.apply();
        List<Instant> starts = crowd.awaitMarks(Layout.ALPHA, LIMIT);
        out.printf(
                Locale.ROOT,
                "%d instances applied, load %s: services started %s%n",
                instances,
                Host.load(),
                spread(begun, starts));
        printThreads("start", before);
        awaitAllServed(Layout.ALPHA);
    }

    private void awaitVoters() {
        Await.until(
                "all three vote",
                LIMIT,
                () ->
                        Layout.NODES.stream()
                                .allMatch(
                                        n ->
                                                cluster.status(n)
                                                        .filter(ClusterView::redundant)
                                                        .isPresent()));
    }

    /** Waits until {@code node} serves all and the other could take over each of them. */
    private void awaitAllServed(String node) {
        Await.until(
                node + " serves all, and the other is ready",
                LIMIT,
                () -> cluster.status(node).map(v -> unready(v, node)).orElse("no answer"),
                () -> {
                    pass(500);
                    return Layout.NODES.stream()
                            .allMatch(
                                    n ->
                                            cluster.status(n)
                                                    .filter(v -> unready(v, node).isEmpty())
                                                    .isPresent());
                });
    }

    private String unready(ClusterView view, String node) {
        List<String> found = new ArrayList<>();
        view.groups().stream()
                .flatMap(g -> g.instances().stream())
                .filter(i -> !node.equals(i.active()) || !i.promotable())
                .forEach(i -> found.add(i.name() + " " + i.phase() + i.promotableReasons()));
        long known = view.groups().stream().mapToLong(g -> g.instances().size()).sum();
        if (known != instances) {
            found.add(known + " known");
        }
        if (!view.redundant()) {
            found.add("not redundant: " + view.redundancyProblem());
        }
        return found.isEmpty() ? "" : found.size() + " are not: " + found.get(0);
    }

    private void idle() {
        // Until what was used to start is compiled.
        pass(60_000);
        Map<String, ProcessFigures> before = figures();
        Map<String, ThreadFigures> threads = threads();
        pass(idleSeconds * 1000L);
        figures()
                .forEach(
                        (name, now) ->
                                out.printf(
                                        Locale.ROOT,
                                        "idle %d s: %s %.1f %% of a core, %d MiB, %d threads%n",
                                        idleSeconds,
                                        name,
                                        now.percentSince(before.get(name)),
                                        now.residentMegabytes(),
                                        now.threads()));
        printThreads("idle", threads);
        for (int i = 0; i < 5; i++) {
            long asked = System.nanoTime();
            int size = cluster.node(Layout.ALPHA).size();
            out.printf(
                    Locale.ROOT,
                    "GET /api/v1/cluster: %d bytes in %d ms%n",
                    size,
                    (System.nanoTime() - asked) / 1_000_000);
        }
        out.println("load " + Host.load());
    }

    private void printThreads(String when, Map<String, ThreadFigures> before) {
        threads()
                .forEach(
                        (member, now) ->
                                out.printf(
                                        "%s threads of %s: %s%n",
                                        when, member, now.sharesSince(before.get(member))));
    }

    private Map<String, ProcessFigures> figures() {
        Map<String, ProcessFigures> figures = new LinkedHashMap<>();
        for (String member : Layout.MEMBERS) {
            figures.put(member, ProcessFigures.of(cluster.server(member)));
            figures.put(
                    member + "'s launcher",
                    ProcessFigures.of(cluster.member(member).launcherProcess()));
        }
        return figures;
    }

    private Map<String, ThreadFigures> threads() {
        Map<String, ThreadFigures> figures = new LinkedHashMap<>();
        Layout.MEMBERS.forEach(m -> figures.put(m, ThreadFigures.of(cluster.server(m))));
        return figures;
    }

    /** Kills the active node's server: the guard ends its services, the other node takes all. */
    private void kill(String active, int number) throws IOException {
        String other = Layout.other(active);
        crowd.clear(other);
        String load = Host.load();
        Instant struck = Instant.now();
        Host.signal("KILL", cluster.server(active));
        List<Instant> starts = crowd.awaitMarks(other, LIMIT);
        pass(3_000);
        DecisionTimes times = DecisionTimes.read(cluster.layout().data(other), struck);
        out.printf(
                Locale.ROOT,
                "kill %d, load %s: services started %s; claiming %s; granted %s; active %s%n",
                number,
                load,
                spread(struck, starts),
                spread(struck, times.of("CLAIMING")),
                spread(struck, times.of("ACTIVATING")),
                spread(struck, times.of("ACTIVE")));
        out.flush();
        awaitAllServed(other);
    }

    private static String spread(Instant from, List<Instant> moments) {
        if (moments.isEmpty()) {
            return "none";
        }
        return String.format(
                Locale.ROOT,
                "(%d) first %d, median %d, last %d ms",
                moments.size(),
                millis(from, moments.get(0)),
                millis(from, moments.get(moments.size() / 2)),
                millis(from, moments.get(moments.size() - 1)));
    }

    private static long millis(Instant from, Instant to) {
        return Duration.between(from, to).toMillis();
    }

    private static void pass(long millis) {
        Await.pass(Duration.ofMillis(millis));
    }
}
