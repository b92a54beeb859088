package io.understudy.systemtests.lab;

import io.understudy.systemtests.Host;
import io.understudy.systemtests.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A network namespace: a host as far as the network is concerned. Its name tells whose it is, so
 * that those of a test that was killed can be swept.
 *
 * @param name as {@code ip netns} lists it
 */
record Namespace(String name) implements Place {

    private static final String PREFIX = "understudy-lab-";
    private static final Path ALL = Path.of("/run/netns");
    private static final long KILL_LIMIT = TimeUnit.SECONDS.toNanos(10);

    /** Makes one of this process's. */
    static Namespace make(String role) {
        Namespace made = new Namespace(PREFIX + ProcessHandle.current().pid() + "-" + role);
        Tool.run("ip netns add " + made.name);
        Tool.run("ip -n " + made.name + " link set lo up");
        return made;
    }

    /** Removes those whose process is gone, and what runs in them. */
    static void sweep() {
        if (!Files.isDirectory(ALL)) {
            return;
        }
        try (Stream<Path> all = Files.list(ALL)) {
            all.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches(PREFIX + "[0-9]+-[a-z]+"))
                    .filter(name -> !Host.isAlive(owner(name)))
                    .map(Namespace::new)
                    .forEach(Namespace::remove);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long owner(String name) {
        String rest = name.substring(PREFIX.length());
        return Long.parseLong(rest.substring(0, rest.indexOf('-')));
    }

    /** Runs {@code ip} with this namespace's devices. */
    String ip(String words) {
        return Tool.run("ip -n " + name + " " + words);
    }

    @Override
    public List<String> command(List<String> command) {
        // A session of its own: what is stopped here must not stop us.
        return Stream.concat(Stream.of("ip", "netns", "exec", name, "setsid"), command.stream())
                .toList();
    }

    @Override
    public void run(Runnable task) {
        Libc libc = Libc.load();
        int back = libc.open("/proc/thread-self/ns/net", Libc.READ_ONLY_CLOSE_ON_EXEC);
        int there = libc.open(ALL.resolve(name).toString(), Libc.READ_ONLY_CLOSE_ON_EXEC);
        try {
            libc.setns(there, Libc.NETWORK);
            task.run();
        } finally {
            libc.setns(back, Libc.NETWORK);
            libc.close(there);
            libc.close(back);
        }
    }

    /** Returns the processes that are here; threads of other processes do not count. */
    long[] processes() {
        return Tool.run("ip netns pids " + name)
                .lines()
                .mapToLong(line -> Long.parseLong(line.strip()))
                .toArray();
    }

    /** Kills all processes as if at one moment, again until none is left. */
    void killAll() {
        long end = System.nanoTime() + KILL_LIMIT;
        // At once: nobody is to see another end and still do something about it.
        Host.signal("STOP", processes());
        for (long[] left = processes(); left.length > 0; left = living()) {
            Host.signal("KILL", left);
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("processes of " + name + " survive SIGKILL");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** Dead ones that nobody has reaped yet are listed too. */
    private long[] living() {
        return Arrays.stream(processes()).filter(Host::isAlive).toArray();
    }

    /** Ends all that runs here, and the namespace. */
    void remove() {
        if (Files.exists(ALL.resolve(name))) {
            killAll();
            Tool.run("ip netns delete " + name);
        }
    }
}
