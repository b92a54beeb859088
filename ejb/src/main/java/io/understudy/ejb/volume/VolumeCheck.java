package io.understudy.ejb.volume;

import io.understudy.ejb.guard.Children;
import io.understudy.ejb.process.Child;
import io.understudy.ejb.process.Launch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes a small file to a volume and forces it to the disk, again and again, each time in a
 * process of its own: what hangs is that process, nothing here. There is never more than one; while
 * it hangs no other is started. This node itself never touches the volume.
 */
final class VolumeCheck {

    /**
     * Free space first: it is known even where writing hangs. The file is new each time. All of
     * them say on the one output why they failed: a volume may become read-only between any two.
     */
    private static final String SCRIPT =
            "exec 2>&1; stat -f -c 'space %S %b %f %a' -- \"$1\" || exit 1; f=$1/.understudy-$2; dd"
                    + " if=/dev/zero of=\"$f\" bs=4096 count=1 conv=fsync || { rm -f -- \"$f\";"
                    + " exit 1; }; rm -f -- \"$f\"";

    private static final Pattern WORDS = Pattern.compile("(?:dd|stat|rm): .*");
    private static final Pattern SPACE = Pattern.compile("space (\\d+) (\\d+) (\\d+) (\\d+)");

    private final String directory;
    private final String mark;
    private final Duration interval;
    private final Duration patience;
    private final Children children;
    private final Executor workers;
    private final LongSupplier nanos;

    private Optional<Child> running = Optional.empty();
    private boolean beginning;
    private long begun;
    private long next;
    private volatile VolumeState state = VolumeState.UNKNOWN;

    /**
     * @param mark keeps the files of several nodes on one volume apart
     * @param interval from the begin of a check to the next
     * @param patience how long a check may take before the volume counts as hanging
     * @param workers fork; a fork takes milliseconds
     */
    VolumeCheck(
            String directory,
            String mark,
            Duration interval,
            Duration patience,
            Children children,
            Executor workers,
            LongSupplier nanos) {
        this.directory = directory;
        this.mark = mark;
        this.interval = interval;
        this.patience = patience;
        this.children = children;
        this.workers = workers;
        this.nanos = nanos;
        this.next = nanos.getAsLong();
    }

    String directory() {
        return directory;
    }

    VolumeState state() {
        return state;
    }

    /** Takes in what has ended and begins what is due; never blocks. */
    synchronized void tick() {
        long now = nanos.getAsLong();
        if (beginning) {
            return;
        }
        if (running.isPresent() && running.get().hasEnded()) {
            ended(running.get(), now);
        } else if (running.isPresent()) {
            if (now - begun > patience.toNanos()) {
                bad(
                        "a write to " + directory + " does not end; look at the disk",
                        true,
                        state.usedPercent());
            }
            return;
        }
        if (now - next >= 0) {
            next = now + interval.toNanos();
            begin(now);
        }
    }

    private void begin(long now) {
        beginning = true;
        begun = now;
        try {
            workers.execute(this::fork);
        } catch (RejectedExecutionException full) {
            beginning = false;
        }
    }

    private void fork() {
        Optional<Child> child = Optional.empty();
        Optional<String> problem = Optional.empty();
        try {
            child = Optional.of(children.begin(launch()));
        } catch (IOException e) {
            problem = Optional.of(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            beginning = false;
            begun = nanos.getAsLong();
            running = child;
            problem.ifPresent(p -> bad(p, false, OptionalInt.empty()));
        }
    }

    private Launch launch() {
        return new Launch(
                "the check of volume " + directory,
                List.of("/bin/sh", "-c", SCRIPT, "sh", directory, mark),
                Map.of("LC_ALL", "C"),
                false,
                Path.of("/"),
                Path.of("/dev/null"),
                Optional.empty());
    }

    private void ended(Child child, long now) {
        running = Optional.empty();
        String output;
        try {
            output = child.output();
        } catch (IOException e) {
            output = String.valueOf(e.getMessage());
        }
        Matcher space = SPACE.matcher(output);
        OptionalInt used = space.find() ? used(space) : OptionalInt.empty();
        if (child.exitStatus() == 0) {
            state = new VolumeState(true, Optional.empty(), false, 0, used, now - begun);
        } else {
            bad(directory + " cannot be written: " + why(output), false, used);
        }
    }

    private static OptionalInt used(Matcher space) {
        long blocks = Long.parseLong(space.group(2));
        long free = Long.parseLong(space.group(3));
        long available = Long.parseLong(space.group(4));
        long used = blocks - free;
        long all = used + available;
        return OptionalInt.of(all == 0 ? 100 : (int) ((used * 100 + all - 1) / all));
    }

    /** The last words of the program that failed, without its name and the file's. */
    private static String why(String output) {
        String line =
                output.lines().filter(l -> WORDS.matcher(l).matches()).reduce("", (a, b) -> b);
        int colon = line.lastIndexOf(": ");
        return colon < 0 ? "the check was ended" : line.substring(colon + 2);
    }

    private void bad(String why, boolean hangs, OptionalInt used) {
        boolean already = state.problem().isPresent();
        state =
                new VolumeState(
                        true,
                        Optional.of(why),
                        hangs,
                        already ? state.badSince() : begun,
                        used,
                        nanos.getAsLong() - begun);
    }
}
