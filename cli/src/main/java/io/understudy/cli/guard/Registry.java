package io.understudy.cli.guard;

import io.understudy.core.config.VirtualAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The guard's registry on disk: what a launcher that was killed left behind, for the next one to
 * clear away before its port says anything to a peer. Bound to the boot: after a reboot it names
 * nothing.
 */
public final class Registry {

    private static final System.Logger LOG = System.getLogger(Registry.class.getName());
    private static final String GROUP = "group ";
    private static final String ADDRESS = "address ";
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    private final Path file;
    private volatile Optional<ProcessId> jvm = Optional.empty();

    /**
     * @param file where it is kept; its directory exists
     */
    public Registry(Path file) {
        this.file = file;
    }

    /** Returns where it is kept. */
    Path file() {
        return file;
    }

    /** Notes a server process that has just been started and has no children yet. */
    public void jvm(ProcessId process) {
        remember(process);
        write(List.of(), List.of(), List.of());
    }

    /** Notes it for the next {@link #write}. */
    void remember(ProcessId process) {
        jvm = Optional.of(process);
    }

    /**
     * Writes the children, groups and addresses down; a disk that is full is logged and costs only
     * this precaution.
     */
    void write(
            Collection<Child> children,
            Collection<ControlGroup> groups,
            Collection<VirtualAddress> addresses) {
        List<String> lines = new ArrayList<>();
        try {
            lines.add("boot " + bootId());
            jvm.ifPresent(p -> lines.add(line(p)));
            children.forEach(c -> lines.add(line(c.process())));
            groups.forEach(g -> lines.add(GROUP + g.directory()));
            addresses.forEach(a -> lines.add(ADDRESS + a));
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.write(fresh, lines);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot write " + file + ": make room there", e);
        }
    }

    /**
     * Kills what an earlier launcher's app server left running, and waits until it is gone.
     *
     * @param limitNanos how long to wait
     * @return how many processes and control groups were found alive
     * @throws IllegalStateException if one is still there after the limit
     */
    public int clearRemnants(long limitNanos) {
        Set<ControlGroup> groups = new LinkedHashSet<>();
        Set<ProcessId> roots = processes(groups);
        ProcessTable table = ProcessTable.read();
        Set<ProcessId> all = new LinkedHashSet<>(roots);
        all.addAll(table.descendants(roots));
        all.removeIf(p -> !table.isAlive(p));
        groups.removeIf(g -> !g.populated());
        int found = all.size() + groups.size();
        long end = System.nanoTime() + limitNanos;
        while (!all.isEmpty() || !groups.isEmpty()) {
            all.forEach(ProcessId::kill);
            groups.forEach(ControlGroup::kill);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            ProcessTable now = ProcessTable.read();
            all.addAll(now.descendants(roots));
            all.removeIf(p -> !now.isAlive(p));
            groups.removeIf(g -> !g.populated());
            if ((!all.isEmpty() || !groups.isEmpty()) && System.nanoTime() - end > 0) {
                throw new IllegalStateException(
                        "processes " + all + groups + " of an earlier run cannot be killed");
            }
        }
        return found;
    }

    /**
     * Returns the addresses that an earlier launcher kept on this host: most are gone by
     * themselves, a second after it.
     */
    public List<VirtualAddress> addressRemnants() {
        return lines().stream()
                .filter(line -> line.startsWith(ADDRESS))
                .flatMap(line -> VirtualAddress.parse(line.substring(ADDRESS.length())).stream())
                .toList();
    }

    private Set<ProcessId> processes(Set<ControlGroup> groups) {
        Set<ProcessId> processes = new LinkedHashSet<>();
        for (String line : lines()) {
            if (line.startsWith(GROUP)) {
                groups.add(new ControlGroup(Path.of(line.substring(GROUP.length()))));
            } else if (!line.startsWith(ADDRESS)) {
                String[] words = line.split(" ");
                processes.add(new ProcessId(Long.parseLong(words[0]), Long.parseLong(words[1])));
            }
        }
        return processes;
    }

    /** Returns what was written since this host's last boot. */
    private List<String> lines() {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            List<String> lines = Files.readAllLines(file);
            boolean thisBoot = !lines.isEmpty() && lines.get(0).equals("boot " + bootId());
            return thisBoot ? lines.subList(1, lines.size()) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static String line(ProcessId process) {
        return process.pid() + " " + process.startTicks();
    }

    private static String bootId() throws IOException {
        return Files.readString(BOOT).strip();
    }
}
