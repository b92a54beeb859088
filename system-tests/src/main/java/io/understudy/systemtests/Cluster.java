package io.understudy.systemtests;

import io.understudy.core.view.ClusterView;
import io.understudy.core.view.OperationView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Two nodes and a witness as real processes on loopback addresses of their own. Closing it ends
 * them all, by number, and fails if anything of it would not end in good order.
 */
public final class Cluster implements AutoCloseable {

    /** How long a cluster may take to settle after anything; generous, as hosts are shared. */
    public static final Duration SETTLE = Duration.ofSeconds(180);

    private static final int CLAIM_PORT = 24000;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    private final Layout layout;
    private final Distribution distribution;
    private final Optional<ServerSocket> claim;
    private final Function<String, Place> places;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Map<String, NodeApi> nodes = new LinkedHashMap<>();
    private final Set<Long> stopped = new HashSet<>();
    private final AtomicLong numbers = new AtomicLong();
    private final Set<Long> acknowledged = new HashSet<>();
    private boolean closed;

    private Cluster(
            Layout layout,
            Distribution distribution,
            Optional<ServerSocket> claim,
            Optional<Path> payara,
            Function<String, Place> places) {
        this.places = places;
        this.layout = layout;
        this.distribution = distribution;
        this.claim = claim;
        for (String name : Layout.MEMBERS) {
            members.put(name, new Member(name, layout, distribution, payara, places.apply(name)));
        }
        for (String name : Layout.NODES) {
            nodes.put(name, new NodeApi(layout.url(name), layout.token(name)));
        }
    }

    /** Makes a cluster's files; nothing runs yet. */
    public static Cluster make() throws IOException {
        return make(Optional.empty());
    }

    private static Cluster make(Optional<Path> payara) throws IOException {
        Distribution distribution = Distribution.find();
        ServerSocket claim = claimNetwork();
        Path directory = Files.createTempDirectory("understudy-system-").toRealPath();
        String host = claim.getInetAddress().getHostAddress();
        Layout layout = new Layout(directory, host.substring(0, host.lastIndexOf('.')));
        layout.write(distribution);
        return new Cluster(layout, distribution, Optional.of(claim), payara, name -> Place.HERE);
    }

    /** Makes a cluster, starts all three, makes the group, and waits until both are Normal. */
    public static Cluster started() throws IOException {
        return started(make());
    }

    /**
     * As {@link #started()}, with members at other places. This thread must be where a client is:
     * from here the nodes are asked.
     *
     * @param layout whose directory exists and is empty
     * @param group the group file; {@code null}: the usual one
     * @param places where each member runs
     */
    public static Cluster startedAt(Layout layout, String group, Function<String, Place> places)
            throws IOException {
        Distribution distribution = Distribution.find();
        layout.write(distribution);
        if (group != null) {
            Files.writeString(layout.groupFile(), group);
        }
        return started(
                new Cluster(layout, distribution, Optional.empty(), Optional.empty(), places));
    }

    /** As {@link #started()}, with both nodes on the Payara Server that {@code payara} holds. */
    public static Cluster startedOn(Path payara) throws IOException {
        return started(make(Optional.of(payara)));
    }

    private static Cluster started(Cluster cluster) throws IOException {
        try {
            cluster.startAll(Layout.MEMBERS);
            cluster.apply();
            cluster.awaitNormal();
            return cluster;
        } catch (IOException | RuntimeException | AssertionError e) {
            cluster.abandon("start", e);
            throw e;
        }
    }

    /** Several suites may run on one host: each takes addresses that no other has. */
    static ServerSocket claimNetwork() throws IOException {
        int first = ThreadLocalRandom.current().nextInt(250);
        for (int i = 0; i < 250; i++) {
            String address = "127.85." + (1 + (first + i) % 250) + ".250";
            ServerSocket socket = new ServerSocket();
            try {
                socket.bind(new InetSocketAddress(address, CLAIM_PORT), 1);
                return socket;
            } catch (IOException taken) {
                socket.close();
            }
        }
        throw new IOException("no network of 127.85.x is free");
    }

    /** Returns where everything lies. */
    public Layout layout() {
        return layout;
    }

    /** Returns the distribution that runs. */
    public Distribution distribution() {
        return distribution;
    }

    /** Returns a member. */
    public Member member(String name) {
        return members.get(name);
    }

    /** Returns a node's REST. */
    public NodeApi node(String name) {
        return nodes.get(name);
    }

    /** Starts launchers in this order. */
    public void startAll(List<String> order) {
        order.forEach(name -> members.get(name).start());
    }

    /** Makes the group, as soon as a node takes it. */
    public void apply() throws IOException {
        apply(Files.readString(layout.groupFile()));
    }

    /**
     * Makes the group as {@code yaml} says, as soon as a node takes it; fails at once if none will.
     */
    public void apply(String yaml) {
        Await.until(
                "a node takes the group",
                SETTLE,
                this::describe,
                () -> node(Layout.ALPHA).takes(yaml));
    }

    /** Returns the state as a node sees it; empty if it does not answer. */
    public Optional<ClusterView> status(String node) {
        return nodes.get(node).view();
    }

    /** Returns the instance as a node sees it; empty if it does not answer. */
    public Optional<ClusterView.Instance> instance(String node) {
        return status(node).flatMap(Cluster::instance);
    }

    private static Optional<ClusterView.Instance> instance(ClusterView view) {
        return view.groups().stream().flatMap(g -> g.instances().stream()).findFirst();
    }

    /** Waits until both nodes say that both are Normal, and nothing is lacking. */
    public void awaitNormal() {
        awaitNormal(SETTLE);
    }

    /** Waits until both nodes say that both are Normal, and nothing is lacking. */
    public void awaitNormal(Duration limit) {
        Await.until(
                "Normal/Normal",
                limit,
                this::describe,
                () ->
                        Layout.NODES.stream()
                                .allMatch(n -> status(n).filter(Cluster::isNormal).isPresent()));
    }

    private static boolean isNormal(ClusterView view) {
        List<ClusterView.NodeState> states =
                view.groups().stream().flatMap(g -> g.states().stream()).toList();
        return states.size() == 2
                && states.stream().allMatch(s -> s.state().equals("NORMAL"))
                && isWhole(view);
    }

    /** Every voter votes, the other copy is in sync, the service runs. */
    private static boolean isWhole(ClusterView view) {
        return view.redundant()
                && instance(view)
                        .filter(i -> i.active() != null && isReady(i))
                        .filter(i -> i.protection().equals("SYNCHRONOUS"))
                        .filter(
                                i ->
                                        i.services().stream()
                                                .filter(s -> s.node().equals(i.active()))
                                                .allMatch(s -> s.condition().equals("RUNNING")))
                        .isPresent();
    }

    /** Under manual failover the other could take over, and does not by itself. */
    private static boolean isReady(ClusterView.Instance instance) {
        return instance.promotable() || instance.promotableReasons().equals(List.of("MANUAL"));
    }

    /** Waits until {@code node} serves and the other could take over, as both see it. */
    public void awaitWhole(String node) {
        Await.until(
                node + " serves and the other could take over",
                SETTLE,
                this::describe,
                () ->
                        Layout.NODES.stream()
                                .allMatch(
                                        n ->
                                                status(n)
                                                        .filter(Cluster::isWhole)
                                                        .flatMap(Cluster::instance)
                                                        .filter(i -> node.equals(i.active()))
                                                        .isPresent()));
    }

    /** Waits until {@code node} says of itself that it serves. */
    public void awaitServing(String node, Duration limit) {
        Await.until(
                node + " serves",
                limit,
                this::describe,
                () -> instance(node).filter(i -> node.equals(i.active())).isPresent());
    }

    /** Returns the node that serves; fails if none does. */
    public String active() {
        return Await.value(
                "a node serves; " + describe(),
                Duration.ofSeconds(10),
                () ->
                        Layout.NODES.stream()
                                .filter(
                                        n ->
                                                instance(n)
                                                        .filter(i -> n.equals(i.active()))
                                                        .isPresent())
                                .findFirst());
    }

    /**
     * Asks for an action and waits for its end; a refusal because the other is not ready yet is
     * tried again.
     *
     * @param action switchover, failover, fallback, recover or resync
     */
    public OperationView act(String action) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        Set<String> refusals = new LinkedHashSet<>();
        while (System.nanoTime() - end < 0) {
            for (String node : Layout.NODES) {
                try {
                    NodeApi.Answer answer = nodes.get(node).act(action);
                    if (answer.status() != 202) {
                        refusals.add(answer.toString());
                        break;
                    }
                    OperationView done = awaitEnd(node, NodeApi.operation(answer));
                    if (done.state().equals("DONE")) {
                        return done;
                    }
                    refusals.add(done.state() + " " + done.code() + " " + done.message());
                    break;
                } catch (IOException down) {
                    refusals.add(down.toString());
                }
            }
            Await.pass(Duration.ofMillis(250));
        }
        throw new AssertionError(action + " was not done: " + refusals + "; " + describe());
    }

    /** Waits for the end of an operation that {@code node} accepted. */
    public OperationView awaitEnd(String node, OperationView begun) {
        return Await.value(
                begun.kind() + " ends; " + describe(),
                Duration.ofSeconds(60),
                () -> {
                    try {
                        OperationView now = nodes.get(node).operation(begun.id());
                        return now.state().equals("RUNNING") ? Optional.empty() : Optional.of(now);
                    } catch (IOException notNow) {
                        return Optional.empty();
                    }
                });
    }

    /** Brings the instance home if it is away, and waits until all is Normal. */
    public void bringHome() {
        if (!active().equals(Layout.ALPHA)) {
            awaitWhole(Layout.BETA);
            act("fallback");
        }
        awaitNormal();
    }

    /** Returns the number of a member's server process; fails if it does not run. */
    public long server(String name) {
        return member(name)
                .serverProcess()
                .orElseThrow(() -> new AssertionError("the server of " + name + " does not run"));
    }

    /** Returns the number of a node's PostgreSQL; fails if it does not run. */
    public long postgres(String name) {
        return member(name)
                .databaseProcess()
                .orElseThrow(() -> new AssertionError("PostgreSQL of " + name + " does not run"));
    }

    /** Kills every process of these members at once, as if the power of their hosts failed. */
    public void killNodes(List<String> names) {
        long[] pids =
                names.stream()
                        .flatMap(name -> Host.processesOf(layout.data(name)).keySet().stream())
                        .mapToLong(Long::longValue)
                        .toArray();
        Host.signal("KILL", pids);
        for (String name : names) {
            if (members.get(name).awaitEnd(STOP_LIMIT).isEmpty()) {
                throw new AssertionError("the launcher of " + name + " survives");
            }
        }
    }

    /** Sends SIGSTOP. */
    public void stop(long pid) {
        stopped.add(pid);
        Host.signal("STOP", pid);
    }

    /** Sends SIGCONT. */
    public void cont(long pid) {
        Host.signal("CONT", pid);
        stopped.remove(pid);
    }

    /** Begins to write and to watch; at most one load at a time. */
    public Load load() {
        return new Load(this, places, numbers, acknowledged);
    }

    /** Returns in a few lines how things are, for an error. */
    public String describe() {
        StringBuilder text = new StringBuilder();
        for (String node : Layout.NODES) {
            text.append("\n  ").append(node).append(": ");
            text.append(
                    status(node)
                            .map(
                                    v ->
                                            "redundant="
                                                    + v.redundant()
                                                    + (v.redundancyProblem() == null
                                                            ? ""
                                                            : " (" + v.redundancyProblem() + ")")
                                                    + " "
                                                    + v.groups().stream()
                                                            .flatMap(g -> g.states().stream())
                                                            .map(s -> s.node() + "=" + s.state())
                                                            .toList()
                                                    + " "
                                                    + instance(v).map(Object::toString).orElse(""))
                            .orElse("does not answer"));
        }
        return text + "\n  files in " + layout.directory();
    }

    /** Copies what tells of a failure under target/, without databases and secrets. */
    void keepLogs(String name) throws IOException {
        ClusterFiles.keep(layout.directory(), name);
    }

    /** Keeps the logs under target/ and ends everything; for after a failure. */
    public void abandon(String name, Throwable cause) {
        try {
            ClusterFiles.keep(layout.directory(), name);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        try {
            close();
        } catch (RuntimeException | AssertionError e) {
            cause.addSuppressed(e);
        }
    }

    /**
     * Ends everything: nodes, then the witness, each in good order.
     *
     * @throws AssertionError if a launcher had to be killed, or anything was left; it is gone then
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        List<String> problems = new ArrayList<>();
        stopped.stream().filter(Host::isAlive).forEach(pid -> Host.signal("CONT", pid));
        end(Layout.NODES, problems);
        end(List.of(Layout.WITNESS), problems);
        Map<Long, String> left = Host.processesOf(layout.directory());
        if (!left.isEmpty()) {
            problems.add("processes were left: " + left);
            end(left.keySet());
        }
        try {
            if (claim.isPresent()) {
                claim.get().close();
            }
            List<String> ports = Host.listening(layout.network());
            if (!ports.isEmpty()) {
                problems.add("listening ports were left: " + ports);
            }
            if (!problems.isEmpty()) {
                ClusterFiles.keep(layout.directory(), "end");
            }
            ClusterFiles.delete(layout.directory());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!problems.isEmpty()) {
            throw new AssertionError("the cluster did not end cleanly: " + problems);
        }
    }

    /** Ends all members; their files stay until {@link #close}. For who has mounted disks there. */
    void endMembers() {
        List<String> problems = new ArrayList<>();
        end(Layout.NODES, problems);
        end(List.of(Layout.WITNESS), problems);
        if (!problems.isEmpty()) {
            throw new AssertionError("the cluster did not end cleanly: " + problems);
        }
    }

    private void end(List<String> names, List<String> problems) {
        names.forEach(n -> members.get(n).askToStop());
        for (String name : names) {
            Member member = members.get(name);
            if (member.awaitEnd(STOP_LIMIT).isEmpty()) {
                problems.add("the launcher of " + name + " did not end: " + member.lastWords());
                Host.signal("KILL", member.launcherProcess());
            }
        }
    }

    private static void end(Set<Long> pids) {
        Host.signal("KILL", pids.stream().mapToLong(Long::longValue).toArray());
        Await.until(
                "processes " + pids + " end",
                Duration.ofSeconds(10),
                () -> pids.stream().noneMatch(Host::isAlive));
    }
}
