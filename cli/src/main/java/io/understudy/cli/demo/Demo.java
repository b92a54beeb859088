package io.understudy.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.Failure;
import io.understudy.cli.node.Distribution;
import io.understudy.cli.remote.Endpoints;
import io.understudy.cli.remote.NodeClient;
import io.understudy.core.view.ClusterView;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A pair and a witness under way: started, made ready, ended without a trace. */
final class Demo {

    /** A demo that was ended while the backup served starts there again: that is well too. */
    private static final Set<String> WELL =
            Set.of("NORMAL", "IDLE", "FAILED_OVER", "RUNNING_IN_BACKUP_MODE");

    private static final Duration READY_LIMIT = Duration.ofSeconds(180);
    private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final DemoLayout layout;
    private final Console console;
    private final List<DemoMember> members = new ArrayList<>();
    private final NodeClient client;
    private Closeable announced;
    private String lastRefusal = "";
    private volatile boolean stopping;

    Demo(DemoLayout layout, Distribution distribution, Console console) {
        this.layout = layout;
        this.console = console;
        for (String name : DemoLayout.NODES) {
            members.add(new DemoMember(name, layout, distribution));
        }
        members.add(new DemoMember(DemoLayout.WITNESS, layout, distribution));
        this.client = new NodeClient(List.of(entries()), console);
    }

    private Endpoints.Entry[] entries() {
        return DemoLayout.NODES.stream()
                .map(n -> new Endpoints.Entry(layout.url(n), layout.token(n)))
                .toArray(Endpoints.Entry[]::new);
    }

    NodeClient client() {
        return client;
    }

    DemoLayout layout() {
        return layout;
    }

    DemoMember member(String name) {
        return members.stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
    }

    void start() throws IOException {
        announced = Endpoints.of(console.environment()).announce(entries());
        for (DemoMember member : members) {
            member.start();
        }
    }

    /**
     * Applies the group and waits until both nodes are Normal.
     *
     * @return the state then; empty if the demo was ended meanwhile
     */
    Optional<ClusterView> makeReady() throws IOException {
        long end = System.nanoTime() + READY_LIMIT.toNanos();
        boolean applied = false;
        while (System.nanoTime() - end < 0) {
            checkMembers();
            if (stopping) {
                return Optional.empty();
            }
            try {
                applied = applied || apply();
                ClusterView view = view();
                if (applied && isReady(view)) {
                    return Optional.of(view);
                }
            } catch (Failure notYet) {
                if (!notYet.details().isEmpty()) {
                    throw notYet;
                }
                lastRefusal = notYet.getMessage();
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        throw console.failure(
                ExitCode.FAILED,
                "demo.not-ready",
                READY_LIMIT.toSeconds(),
                lastRefusal,
                layout.directory());
    }

    /** A launcher that ends by itself has said why; starting it again would not help. */
    private void checkMembers() throws IOException {
        for (DemoMember member : members) {
            String problem = member.problem().orElse("");
            if (!problem.isEmpty() && !stopping) {
                throw new Failure(
                        ExitCode.FAILED,
                        console.messages().text("demo.member-failed", member.name()),
                        console.messages()
                                .text("demo.member-failed.next", layout.launcherLog(member.name())),
                        problem.lines().toList());
            }
        }
    }

    ClusterView view() {
        return client.as(client.get("/api/v1/cluster"), ClusterView.class);
    }

    private boolean apply() throws IOException {
        JsonNode answer =
                client.put(
                        "/api/v1/configuration?dryRun=false",
                        Files.readString(layout.groupFile()),
                        "*");
        return answer.has("version");
    }

    private boolean isReady(ClusterView view) {
        List<ClusterView.NodeState> states =
                view.groups().stream().flatMap(g -> g.states().stream()).toList();
        List<ClusterView.Instance> instances =
                view.groups().stream().flatMap(g -> g.instances().stream()).toList();
        lastRefusal =
                states.stream()
                        .map(s -> s.node() + " " + s.state())
                        .reduce((a, b) -> a + ", " + b)
                        .orElse("no state yet");
        return states.size() == 2
                && states.stream().allMatch(s -> WELL.contains(s.state()))
                && !instances.isEmpty()
                && instances.stream().allMatch(Demo::isServed);
    }

    /** Served and protected: only then does losing a node cost nothing. */
    private static boolean isServed(ClusterView.Instance instance) {
        return instance.active() != null
                && !"UNPROTECTED".equals(instance.protection())
                && instance.services().stream()
                        .filter(s -> s.node().equals(instance.active()))
                        .allMatch(s -> "RUNNING".equals(s.condition()));
    }

    /** Ends everything; returns when no process of the demo is left. */
    void stop() {
        stopping = true;
        try {
            if (announced != null) {
                announced.close();
            }
            // The witness last: stopping in good order needs a majority of the ledger.
            List<DemoMember> nodes = members.subList(0, DemoLayout.NODES.size());
            nodes.forEach(DemoMember::askToStop);
            for (DemoMember node : nodes) {
                node.awaitEnd(STOP_NANOS);
            }
            DemoMember witness = members.get(DemoLayout.NODES.size());
            witness.askToStop();
            witness.awaitEnd(STOP_NANOS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            System.getLogger(Demo.class.getName())
                    .log(System.Logger.Level.WARNING, "the list of nodes stays behind", e);
        }
    }
}
