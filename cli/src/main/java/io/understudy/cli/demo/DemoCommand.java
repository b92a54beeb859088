package io.understudy.cli.demo;

import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.Failure;
import io.understudy.cli.node.Distribution;
import io.understudy.cli.node.NodeSetup;
import io.understudy.cli.node.Output;
import io.understudy.cli.node.Ports;
import io.understudy.cli.show.Page;
import io.understudy.cli.show.StatusScreen;
import io.understudy.core.view.ClusterView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code understudy demo}: a pair and a witness on loopback, in one go. */
@Command(name = "demo")
public final class DemoCommand implements Callable<Integer> {

    private static final int HIGHEST_BASE = 65535 - 100;

    private final Console console;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean failed;
    private volatile boolean ending;

    @Option(names = "--keep", paramLabel = "DIR")
    private Path keep;

    @Option(names = "--port-base", paramLabel = "N", defaultValue = "22000")
    private int portBase;

    @Option(names = "--headless")
    private boolean headless;

    /** Tests run several demos at once. */
    @Option(names = "--network", hidden = true, defaultValue = "127.77.0")
    private String network;

    @Parameters(paramLabel = "COMMAND", arity = "0..*", descriptionKey = "demo.COMMAND")
    private List<String> command = new ArrayList<>();

    /**
     * @param console where it shows
     */
    public DemoCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        long began = System.nanoTime();
        if (portBase < 1 || portBase > HIGHEST_BASE) {
            throw console.failure(ExitCode.USAGE, "demo.port-base", portBase, HIGHEST_BASE);
        }
        Distribution distribution = Distribution.find(console);
        DemoLayout layout = new DemoLayout(directory(), network, portBase);
        try {
            layout.write(distribution, command);
            checkPorts(layout);
        } catch (IOException e) {
            throw console.failure(ExitCode.FAILED, "demo.directory", layout.directory(), e);
        } catch (Failure e) {
            if (keep == null) {
                remove(layout);
            }
            throw e;
        }
        return run(new Demo(layout, distribution, console), began);
    }

    /** Without the environment, which could speak of another node. */
    private void checkPorts(DemoLayout layout) {
        Console plain =
                new Console(console.out(), console.err(), console.messages(), Map.of(), false);
        for (String member : DemoLayout.MEMBERS) {
            Ports.check(NodeSetup.read(layout.nodeFile(member), null, plain).node(), plain);
        }
    }

    private int run(Demo demo, long began) {
        Thread hook = new Thread(() -> end(demo), "demo-end");
        Runtime.getRuntime().addShutdownHook(hook);
        console.say("demo.starting", demo.layout().directory());
        try {
            demo.start();
            Optional<ClusterView> view = demo.makeReady();
            if (view.isPresent()) {
                ready(demo, view.get(), System.nanoTime() - began);
                watch(demo);
            }
            ended.await();
            return ExitCode.DONE;
        } catch (IOException e) {
            throw console.failure(ExitCode.FAILED, "demo.directory", demo.layout().directory(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        }
    }

    private void ready(Demo demo, ClusterView view, long nanos) {
        Hints hints = new Hints(demo, console.messages(), command.isEmpty());
        String seconds =
                String.format(Locale.ROOT, "%.1f", nanos / (double) TimeUnit.SECONDS.toNanos(1));
        ClusterView.Instance instance = view.groups().get(0).instances().get(0);
        boolean home = instance.home().equals(instance.active());
        String words =
                home
                        ? console.messages().text("demo.ready", seconds)
                        : console.messages().text("demo.ready-away", seconds, instance.active());
        console.out().println("READY " + words);
        hints.look().forEach(console.out()::println);
        hints.attempts(view).forEach(console.out()::println);
        console.out().flush();
    }

    private void watch(Demo demo) throws InterruptedException {
        if (headless || !console.terminal()) {
            ended.await();
            return;
        }
        Hints hints = new Hints(demo, console.messages(), command.isEmpty());
        Page page = new Page(console);
        page.clear();
        while (!ended.await(1, TimeUnit.SECONDS)) {
            List<String> lines = new ArrayList<>();
            try {
                ClusterView view = demo.view();
                lines.addAll(StatusScreen.lines(view, console));
                lines.add("");
                lines.addAll(hints.attempts(view));
            } catch (Failure e) {
                lines.add(e.getMessage());
                lines.add(e.next());
            }
            if (!ending) {
                page.draw(lines);
            }
        }
    }

    private Path directory() {
        try {
            if (keep != null) {
                return Files.createDirectories(keep.toAbsolutePath().normalize());
            }
            Path temporary = Files.createTempDirectory("understudy-demo-");
            // The databases run as another user, which must pass through.
            return Files.setPosixFilePermissions(
                    temporary, PosixFilePermissions.fromString("rwx--x--x"));
        } catch (IOException e) {
            throw console.failure(ExitCode.FAILED, "demo.directory", keep, e);
        }
    }

    /** Runs in the hook that SIGINT and SIGTERM start, and when the command has failed. */
    private void end(Demo demo) {
        ending = true;
        console.out().println();
        console.say("demo.ending");
        demo.stop();
        boolean kept = keep != null || failed;
        if (!kept) {
            remove(demo.layout());
        }
        console.say(kept ? "demo.kept" : "demo.ended", demo.layout().directory());
        ended.countDown();
        if (!failed) {
            // Without this the exit status would be that of the signal, for an orderly end.
            Runtime.getRuntime().halt(ExitCode.DONE);
        }
    }

    private void remove(DemoLayout layout) {
        try {
            Output.remove(layout.directory());
        } catch (IOException e) {
            console.show(console.failure(ExitCode.FAILED, "demo.directory", layout.directory(), e));
        }
    }
}
