package io.understudy.ejb.process;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Ends a process together with everything it started. */
public final class ProcessTree {

    private static final int ROUNDS = 20;

    /** A write to a healthy disk makes a thread wait in the kernel, too: not for as many rounds. */
    private static final int SURELY = 8;

    private ProcessTree() {}

    /**
     * Sends SIGKILL to {@code root} and all its descendants. Returns when none that was seen runs
     * any more, when those that are left are {@link ProcessIdentity#doomed doomed}, or after about
     * a second. Does nothing to a process that merely has the same number.
     *
     * @return whether all of them are gone
     * @throws InterruptedException if interrupted while waiting for them to be gone; the signals
     *     have been sent
     */
    public static boolean kill(ProcessIdentity root) throws InterruptedException {
        Map<Long, ProcessIdentity> seen = new LinkedHashMap<>();
        if (root.alive()) {
            seen.put(root.pid(), root);
        }
        long pause = 1;
        for (int round = 0; round < ROUNDS; round++) {
            // Children that were forked between the listing and the signal show in the next round.
            for (ProcessIdentity known : seen.values().toArray(ProcessIdentity[]::new)) {
                if (known.alive()) {
                    descendants(known, seen);
                }
            }
            boolean any = false;
            for (ProcessIdentity known : seen.values()) {
                if (known.alive()) {
                    any = true;
                    Signals.kill(known);
                }
            }
            if (!any) {
                return true;
            }
            if (round >= SURELY && !canAct(seen.values())) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(pause);
            pause = Math.min(pause * 2, 100);
        }
        return seen.values().stream().noneMatch(ProcessIdentity::alive);
    }

    /** Returns whether one of these runs or will: neither gone nor doomed. */
    public static boolean canAct(Collection<ProcessIdentity> processes) {
        return processes.stream().anyMatch(p -> p.alive() && !p.doomed());
    }

    private static void descendants(ProcessIdentity of, Map<Long, ProcessIdentity> into) {
        ProcessHandle.of(of.pid())
                .ifPresent(
                        handle ->
                                handle.descendants()
                                        .forEach(
                                                child ->
                                                        ProcessIdentity.of(child.pid())
                                                                .ifPresent(
                                                                        found ->
                                                                                into.putIfAbsent(
                                                                                        found.pid(),
                                                                                        found))));
    }
}
