package io.understudy.cli.node;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Who holds a port of this host, as far as /proc lets this user see. */
final class PortOwner {

    private static final Path PROC = Path.of("/proc");
    private static final int LOCAL = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final String LISTEN = "0A";

    private PortOwner() {}

    /** Returns "NAME, process PID"; empty if it cannot be seen. */
    static Optional<String> find(int port, boolean datagram) {
        Set<String> sockets = new HashSet<>();
        for (String table : datagram ? List.of("udp", "udp6") : List.of("tcp", "tcp6")) {
            sockets.addAll(inodes(PROC.resolve("net").resolve(table), port, datagram));
        }
        if (sockets.isEmpty()) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, sockets)) {
                    String name = Files.readString(process.resolve("comm")).strip();
                    return Optional.of(name + ", " + process.getFileName());
                }
            }
        } catch (IOException unseen) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static Set<String> inodes(Path table, int port, boolean datagram) {
        Set<String> inodes = new HashSet<>();
        String wanted = String.format(Locale.ROOT, ":%04X", port);
        try {
            for (String line : Files.readAllLines(table)) {
                String[] fields = line.strip().split("\\s+");
                if (fields.length > INODE
                        && fields[LOCAL].endsWith(wanted)
                        && (datagram || fields[STATE].equals(LISTEN))) {
                    inodes.add("socket:[" + fields[INODE] + "]");
                }
            }
        } catch (IOException absent) {
            return Set.of();
        }
        return inodes;
    }

    private static boolean holds(Path process, Set<String> sockets) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (sockets.contains(Files.readSymbolicLink(file).toString())) {
                    return true;
                }
            }
        } catch (IOException notOurs) {
            return false;
        }
        return false;
    }
}
