package io.understudy.cli.node;

import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.address.HostAddresses;
import io.understudy.cli.guard.Guard;
import io.understudy.cli.guard.GuardSocket;
import io.understudy.cli.guard.Registry;
import io.understudy.cli.port.HostPorts;
import io.understudy.cli.port.PortGate;
import io.understudy.cli.remote.Endpoints;
import io.understudy.cli.systemd.ServiceManager;
import io.understudy.core.config.NodeConfiguration;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Runs a node or a witness in the foreground until a signal ends it: holds the data directory,
 * clears what an earlier run left, opens the guard, supervises the server process.
 */
final class Launcher {

    private static final System.Logger LOG = System.getLogger(Launcher.class.getName());
    private static final long CLEAR_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final Duration POLITE = Duration.ofSeconds(15);

    private final Console console;
    private final Distribution distribution;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * @param console where it tells how it goes
     * @param distribution what it runs
     */
    Launcher(Console console, Distribution distribution) {
        this.console = console;
        this.distribution = distribution;
    }

    /**
     * How a node is run.
     *
     * @param handOver whether a stop hands the instances to the peer
     * @param ofDemo whether a demo started it: it ends with the demo, which also says where it is
     * @param recover whether its data directory replaces one that is lost
     */
    record Manner(boolean handOver, boolean ofDemo, boolean recover) {}

    /**
     * Runs a node; returns the exit code when it has been stopped.
     *
     * @param payara the Payara Server to run it on, or null for the distribution's Payara Micro
     */
    int runNode(Path file, Path dataDirectory, Manner manner, Path payara) {
        NodeSetup setup = read(file, dataDirectory, false);
        try {
            DataDirectory data =
                    keep(DataDirectory.open(setup.data(), setup.node().name(), console));
            Registry registry = clear(data, setup);
            Ports.check(setup.node(), console);
            Admittance.check(setup, manner.recover(), console);
            AppServer server =
                    payara == null
                            ? new PayaraMicro(setup, distribution, data)
                            : PayaraServer.open(payara, setup, distribution, data, console);
            PortGate ports = HostPorts.open(setup.node().name().value(), System::nanoTime);
            Guard guard = new Guard(System::nanoTime, registry, ports);
            // Closed after the guard: a refused connection tells peers that nothing runs here.
            keep(GuardPort.open(setup, guard));
            keep(guard);
            keep(new GuardSocket(guard, data.run().resolve("guard.sock"), System::nanoTime));
            if (!manner.ofDemo()) {
                Endpoints.Entry entry = new Endpoints.Entry(setup.url(), data.tokenFile());
                keep(Endpoints.of(console.environment()).announce(entry));
            }
            NodeRole role = new NodeRole(setup, server, data, guard, manner.handOver(), console);
            return supervise(role, manner, guard::hasConnected, guard::isEnforcing, setup);
        } catch (IOException e) {
            throw console.failure(ExitCode.FAILED, "node.failed", setup.node().name(), e);
        } finally {
            closeAll();
        }
    }

    /** Runs a witness; returns the exit code when it has been stopped. */
    int runWitness(Path file, Path dataDirectory, Manner manner) {
        NodeSetup setup = read(file, dataDirectory, true);
        try {
            DataDirectory data =
                    keep(DataDirectory.open(setup.data(), setup.node().name(), console));
            Registry registry = clear(data, setup);
            Ports.check(setup.node(), console);
            Admittance.check(setup, manner.recover(), console);
            WitnessRole role = new WitnessRole(setup, distribution, data, registry, console);
            return supervise(role, manner, () -> Ports.answers(setup.node()), () -> true, setup);
        } catch (IOException e) {
            throw console.failure(ExitCode.FAILED, "node.failed", setup.node().name(), e);
        } finally {
            closeAll();
        }
    }

    /**
     * Ends what an earlier run of a member left on this host: its processes and its addresses.
     *
     * @throws io.understudy.cli.Failure if the member runs: its data directory is held
     */
    int clear(Path file, Path dataDirectory) {
        NodeSetup setup = NodeSetup.read(file, dataDirectory, console);
        try {
            DataDirectory data =
                    keep(DataDirectory.open(setup.data(), setup.node().name(), console));
            clear(data, setup);
            console.say("node.clear", setup.node().name());
            return ExitCode.DONE;
        } finally {
            closeAll();
        }
    }

    private NodeSetup read(Path file, Path dataDirectory, boolean witness) {
        NodeSetup setup = NodeSetup.read(file, dataDirectory, console);
        boolean isWitness = setup.node().role() == NodeConfiguration.Role.WITNESS;
        if (isWitness != witness) {
            throw console.failure(
                    ExitCode.FAILED, isWitness ? "node.is-witness" : "witness.is-node", file);
        }
        return setup;
    }

    private Registry clear(DataDirectory data, NodeSetup setup) {
        Registry registry = new Registry(data.run().resolve("processes"));
        try {
            int found = registry.clearRemnants(CLEAR_NANOS);
            HostAddresses.clear(registry.addressRemnants());
            HostPorts.clear(setup.node().name().value());
            if (found > 0) {
                console.say("node.cleared", found);
            }
            return registry;
        } catch (IllegalStateException e) {
            throw console.failure(ExitCode.FAILED, "node.remnants", e.getMessage());
        }
    }

    private int supervise(
            Supervisor.Role role,
            Manner manner,
            BooleanSupplier ready,
            BooleanSupplier going,
            NodeSetup setup)
            throws IOException {
        Supervisor supervisor = new Supervisor(role);
        ServiceManager manager = keep(ServiceManager.of(console.environment()));
        manager.watch(ready, going, console.messages().text("node.ready", setup.node().name()));
        Thread hook = new Thread(() -> stop(supervisor, manager), "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        if (manner.ofDemo()) {
            endWithParent();
        }
        try {
            supervisor.run();
            return ExitCode.DONE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        }
    }

    /** Runs in the hook that SIGTERM and SIGINT start; the virtual machine ends when it returns. */
    private void stop(Supervisor supervisor, ServiceManager manager) {
        manager.stopping();
        try {
            supervisor.stop(POLITE);
            closed.await(10, TimeUnit.SECONDS);
            console.say("node.stopped");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Without this the exit status would be that of the signal, 143, for an orderly stop.
        Runtime.getRuntime().halt(ExitCode.DONE);
    }

    /** The demo holds the other end of standard input; its end, however it came, is our end. */
    private static void endWithParent() {
        Thread watch =
                new Thread(
                        () -> {
                            try {
                                while (System.in.read() >= 0) {
                                    continue;
                                }
                            } catch (IOException e) {
                                LOG.log(System.Logger.Level.DEBUG, "the parent is gone", e);
                            }
                            System.exit(ExitCode.DONE);
                        },
                        "parent");
        watch.setDaemon(true);
        watch.start();
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.push(resource);
        return resource;
    }

    private void closeAll() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                LOG.log(System.Logger.Level.WARNING, "cannot close in good order", e);
            }
        }
        closed.countDown();
    }
}
