package io.understudy.cli.guard;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The processes of this host at one moment, as /proc shows them. A process that ends while it is
 * being read is simply not there. Zombies count as dead: PID 1 may be slow to reap.
 */
public final class ProcessTable {

    private static final File PROC = new File("/proc");

    /** 52 numbers of at most 20 digits, and a name; the kernel gives it in one piece. */
    private static final int LONGEST_STAT = 2048;

    private static final int STATE = 0;
    private static final int PARENT = 1;
    private static final int SESSION = 3;
    private static final int START = 19;

    private final Map<Long, Entry> entries;
    private final Map<Long, List<Entry>> byParent = new HashMap<>();
    private final Map<Long, List<Entry>> bySession = new HashMap<>();

    private ProcessTable(Map<Long, Entry> entries) {
        this.entries = entries;
        for (Entry entry : entries.values()) {
            byParent.computeIfAbsent(entry.parent(), p -> new ArrayList<>()).add(entry);
            bySession.computeIfAbsent(entry.session(), s -> new ArrayList<>()).add(entry);
        }
    }

    /**
     * One process, named by number and start time together: numbers are used again.
     *
     * @param pid its number
     * @param parent its parent's number
     * @param session the number of its session's leader
     * @param startTicks when it started: field 22 of /proc/PID/stat, in clock ticks since boot
     * @param state the letter of /proc/PID/stat
     */
    public record Entry(long pid, long parent, long session, long startTicks, char state) {

        /** Returns whether it still runs; a zombie does not. */
        public boolean isAlive() {
            return state != 'Z' && state != 'X' && state != 'x';
        }

        /** Returns its name in the guard's registry. */
        public ProcessId id() {
            return new ProcessId(pid, startTicks);
        }
    }

    /** Reads all processes; takes some milliseconds. */
    public static ProcessTable read() {
        Map<Long, Entry> entries = new HashMap<>();
        String[] all = PROC.list();
        if (all == null) {
            throw new IllegalStateException(
                    "cannot read " + PROC + ": mount it, the guard cannot work without");
        }
        for (String name : all) {
            if (Character.isDigit(name.charAt(0))) {
                entry(Long.parseLong(name)).ifPresent(e -> entries.put(e.pid(), e));
            }
        }
        return new ProcessTable(entries);
    }

    /** Reads one process; empty if there is none of that number. */
    public static Optional<Entry> entry(long pid) {
        // Plain reading costs half of what java.nio does, for some hundred processes at a time.
        try (FileInputStream in = new FileInputStream(PROC + "/" + pid + "/stat")) {
            byte[] stat = new byte[LONGEST_STAT];
            int length = in.read(stat);
            return length <= 0
                    ? Optional.empty()
                    : Optional.of(
                            parse(pid, new String(stat, 0, length, StandardCharsets.ISO_8859_1)));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** The command's name is in parentheses and may itself hold blanks and parentheses. */
    private static Entry parse(long pid, String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return new Entry(
                pid,
                Long.parseLong(fields[PARENT]),
                Long.parseLong(fields[SESSION]),
                Long.parseLong(fields[START]),
                fields[STATE].charAt(0));
    }

    /** Returns whether exactly this process still runs. */
    public boolean isAlive(ProcessId process) {
        Entry entry = entries.get(process.pid());
        return entry != null && entry.startTicks() == process.startTicks() && entry.isAlive();
    }

    /**
     * Returns the living descendants of {@code roots} and the living members of sessions that a
     * root leads, without the roots themselves. A root that is dead contributes what is left of its
     * session only.
     */
    public Set<ProcessId> descendants(Set<ProcessId> roots) {
        Set<Long> inside = new LinkedHashSet<>();
        Set<Long> sessions = new LinkedHashSet<>();
        for (ProcessId root : roots) {
            Entry entry = entries.get(root.pid());
            if (entry == null || entry.startTicks() == root.startTicks()) {
                sessions.add(root.pid());
            }
            if (isAlive(root)) {
                inside.add(root.pid());
            }
        }
        Set<ProcessId> found = new LinkedHashSet<>();
        Deque<Entry> left = new ArrayDeque<>();
        inside.forEach(pid -> left.addAll(byParent.getOrDefault(pid, List.of())));
        sessions.forEach(session -> left.addAll(bySession.getOrDefault(session, List.of())));
        while (!left.isEmpty()) {
            Entry entry = left.poll();
            if (entry.isAlive() && inside.add(entry.pid())) {
                found.add(entry.id());
                left.addAll(byParent.getOrDefault(entry.pid(), List.of()));
            }
        }
        found.removeAll(roots);
        return found;
    }
}
