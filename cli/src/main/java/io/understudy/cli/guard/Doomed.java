package io.understudy.cli.guard;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What must die, until it has died; all calls come under the guard's lock. */
final class Doomed {

    private static final System.Logger LOG = System.getLogger(Doomed.class.getName());

    /** When what was killed should be gone. */
    static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** What has not gone for long hangs in the kernel: asking often only costs. */
    private static final long CALM_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final int OFTEN = 100;

    private int inVain;
    private final Set<ProcessId> roots = new LinkedHashSet<>();
    private final Trees trees;

    Doomed(Trees trees) {
        this.trees = trees;
    }

    void add(ProcessId root) {
        inVain = 0;
        roots.add(root);
    }

    /** Adds those that are not in it yet; returns whether there were any. */
    boolean add(Collection<Child> victims, String why) {
        List<Child> fresh = victims.stream().filter(c -> roots.add(c.process())).toList();
        if (fresh.isEmpty()) {
            return false;
        }
        inVain = 0;
        ProcessTable table = ProcessTable.read();
        fresh.forEach(child -> trees.remember(child.process(), table));
        LOG.log(
                System.Logger.Level.WARNING,
                "killed {0}: {1}",
                fresh.stream().map(c -> c.instance() + ":" + c.process().pid()).toList(),
                why);
        return true;
    }

    /** Returns after how long to kill again. */
    long retryNanos() {
        return inVain > OFTEN ? CALM_NANOS : SOON_NANOS;
    }

    boolean isEmpty() {
        return roots.isEmpty();
    }

    /**
     * Kills again what is left; returns those of which nothing is left, which are doomed no more.
     */
    List<ProcessId> kill() {
        List<ProcessId> dead = new ArrayList<>();
        if (roots.isEmpty()) {
            return dead;
        }
        for (ProcessId root : roots) {
            root.kill();
            trees.of(root).forEach(ProcessId::kill);
        }
        ProcessTable table = ProcessTable.read();
        for (ProcessId root : List.copyOf(roots)) {
            if (trees.survivors(root, table).isEmpty()) {
                roots.remove(root);
                dead.add(root);
            }
        }
        inVain = dead.isEmpty() ? inVain + 1 : 0;
        return dead;
    }
}
