package io.understudy.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The host's processes and listening ports, as the kernel tells them in /proc; and signals. */
public final class Host {

    private static final Path PROC = Path.of("/proc");
    private static final String LISTENING = "0A";
    private static final int COMMAND_LINE = 120;

    private Host() {}

    /** Says why whole clusters cannot run on this host; empty if they can. */
    public static String obstacle() {
        String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        return system.equals("Linux amd64")
                ? ""
                : "whole clusters need Linux on amd64 (/proc, signals, the PostgreSQL that comes"
                        + " along); this is "
                        + system;
    }

    /**
     * Sends a signal, e.g. {@code KILL}, to all of {@code pids} at once; ended ones are skipped.
     */
    public static void signal(String signal, long... pids) {
        String numbers =
                LongStream.of(pids).mapToObj(Long::toString).collect(Collectors.joining(" "));
        try {
            Process kill =
                    new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + numbers)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (!kill.waitFor(10, TimeUnit.SECONDS)) {
                kill.destroyForcibly();
                throw new IllegalStateException("kill -" + signal + " " + numbers + " hangs");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Returns whether the process runs or is stopped; one that is dead but not reaped does not. */
    public static boolean isAlive(long pid) {
        try {
            String stat = Files.readString(PROC.resolve(pid + "/stat"));
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state != 'Z' && state != 'X';
        } catch (IOException gone) {
            return false;
        }
    }

    /**
     * Returns the live processes that belong to {@code directory}: it is in their command line,
     * their environment, or they work in it. Number to command line.
     */
    public static TreeMap<Long, String> processesOf(Path directory) {
        TreeMap<Long, String> found = new TreeMap<>();
        String needle = directory.toString();
        try (Stream<Path> entries = Files.list(PROC)) {
            entries.map(p -> p.getFileName().toString())
                    .filter(name -> !name.isEmpty() && Character.isDigit(name.charAt(0)))
                    .mapToLong(Long::parseLong)
                    .filter(pid -> pid != ProcessHandle.current().pid())
                    .filter(pid -> belongs(pid, needle) && isAlive(pid))
                    .forEach(pid -> found.put(pid, commandLine(pid)));
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String commandLine(long pid) {
        String words = read(pid, "cmdline").replace('\0', ' ').strip();
        return words.substring(0, Math.min(words.length(), COMMAND_LINE));
    }

    private static boolean belongs(long pid, String needle) {
        return read(pid, "cmdline").contains(needle)
                || read(pid, "environ").contains(needle)
                || workingDirectory(pid).startsWith(needle);
    }

    private static String read(long pid, String name) {
        try {
            return new String(
                    Files.readAllBytes(PROC.resolve(pid + "/" + name)), StandardCharsets.UTF_8);
        } catch (IOException goneOrAnothers) {
            return "";
        }
    }

    private static String workingDirectory(long pid) {
        try {
            return Files.readSymbolicLink(PROC.resolve(pid + "/cwd")).toString();
        } catch (IOException goneOrAnothers) {
            return "";
        }
    }

    /** Returns the listening TCP ports on addresses that begin with {@code network}. */
    public static List<String> listening(String network) {
        return listeners().values().stream()
                .filter(address -> address.startsWith(network + "."))
                .toList();
    }

    /** Returns the address and port of every TCP socket on which a process listens. */
    public static Set<String> listeningOf(long pid) {
        Map<String, String> listeners = listeners();
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.list(PROC.resolve(pid + "/fd"))) {
            for (Path file : files.toList()) {
                String target = Files.isSymbolicLink(file) ? link(file) : "";
                if (listeners.containsKey(target)) {
                    found.add(listeners.get(target));
                }
            }
        } catch (IOException goneOrAnothers) {
            return found;
        }
        return found;
    }

    private static String link(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    /** What listens on this host: "socket:[INODE]" to address and port. */
    private static Map<String, String> listeners() {
        Map<String, String> found = new HashMap<>();
        for (String table : new String[] {"tcp", "tcp6"}) {
            try (Stream<String> lines = Files.lines(PROC.resolve("net/" + table))) {
                lines.skip(1)
                        .map(line -> line.strip().split("\\s+"))
                        .filter(words -> words[3].equals(LISTENING))
                        .forEach(
                                words -> found.put("socket:[" + words[9] + "]", address(words[1])));
            } catch (IOException noSuchProtocol) {
                continue;
            }
        }
        return found;
    }

    /** The kernel prints each 32-bit word of an address in this host's (little) byte order. */
    private static String address(String text) {
        String[] parts = text.split(":");
        byte[] bytes = HexFormat.of().parseHex(parts[0]);
        byte[] last = Arrays.copyOfRange(bytes, bytes.length - 4, bytes.length);
        return (last[3] & 0xff)
                + "."
                + (last[2] & 0xff)
                + "."
                + (last[1] & 0xff)
                + "."
                + (last[0] & 0xff)
                + ":"
                + Integer.parseInt(parts[1], 16);
    }

    /** Returns the load of the last minute as the kernel prints it. */
    public static String load() {
        try {
            return Files.readString(PROC.resolve("loadavg")).split(" ")[0];
        } catch (IOException e) {
            return "?";
        }
    }
}
