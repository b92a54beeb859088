package io.understudy.cli.guard;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What must die, until it has died; all calls come under the guard's lock. */
final class Doomed {

    private static final System.Logger LOG = System.getLogger(Doomed.class.getName());

    private final Set<ProcessId> roots = new LinkedHashSet<>();
    private final Trees trees;

    Doomed(Trees trees) {
        this.trees = trees;
    }

    void add(ProcessId root) {
        roots.add(root);
    }

    /** Adds those that are not in it yet; returns whether there were any. */
    boolean add(Collection<Child> victims, String why) {
        List<Child> fresh = victims.stream().filter(c -> roots.add(c.process())).toList();
        if (fresh.isEmpty()) {
            return false;
        }
        ProcessTable table = ProcessTable.read();
        fresh.forEach(child -> trees.remember(child.process(), table));
        LOG.log(
                System.Logger.Level.WARNING,
                "killed {0}: {1}",
                fresh.stream().map(c -> c.instance() + ":" + c.process().pid()).toList(),
                why);
        return true;
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
        return dead;
    }
}
