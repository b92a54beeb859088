package io.understudy.cli.guard;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What descends from the guard's children, remembered from look to look: the orphans of a child
 * that died by itself would not be known otherwise. Used under the guard's lock.
 */
final class Trees {

    private final Map<ProcessId, Set<ProcessId>> trees = new HashMap<>();

    /** Remembers each child's tree, so that orphans of a child that dies by itself are known. */
    void look(Collection<Child> children) {
        if (!children.isEmpty()) {
            ProcessTable table = ProcessTable.read();
            children.forEach(child -> remember(child.process(), table));
        }
    }

    /** Returns what is known to descend from {@code root}, without it. */
    Set<ProcessId> of(ProcessId root) {
        return trees.getOrDefault(root, Set.of());
    }

    /** Adds what descends from {@code root} now and leaves out what has ended. */
    Set<ProcessId> remember(ProcessId root, ProcessTable table) {
        Set<ProcessId> tree = trees.computeIfAbsent(root, p -> new LinkedHashSet<>());
        tree.addAll(table.descendants(union(root, tree)));
        tree.removeIf(p -> !table.isAlive(p));
        return tree;
    }

    /** Returns what lives of {@code root} and its descendants. */
    Set<ProcessId> survivors(ProcessId root, ProcessTable table) {
        Set<ProcessId> all = union(root, remember(root, table));
        all.removeIf(p -> !table.isAlive(p));
        return all;
    }

    void forget(ProcessId root) {
        trees.remove(root);
    }

    private static Set<ProcessId> union(ProcessId root, Set<ProcessId> tree) {
        Set<ProcessId> all = new LinkedHashSet<>(tree);
        all.add(root);
        return all;
    }
}
