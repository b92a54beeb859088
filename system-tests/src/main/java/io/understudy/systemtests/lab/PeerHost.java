package io.understudy.systemtests.lab;

import io.understudy.systemtests.Place;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A host of the lab for software that does not let all of its folders be chosen: besides its own
 * network it has its own name, shared memory and, empty, the folders in which daemons keep what
 * they know. It stays as it is when all of its processes are killed, as a disk would.
 */
final class PeerHost implements Place, AutoCloseable {

    /** Folders that each host has for itself, if this machine has them at all. */
    private static final List<String> OWN =
            List.of(
                    "/run",
                    "/dev/shm",
                    "/etc/corosync",
                    "/var/lib/corosync",
                    "/var/lib/pacemaker",
                    "/var/log/pacemaker",
                    "/var/log/corosync");

    private final Namespace namespace;
    private final Process keeper;

    /** Makes it; what is made ends with this process, too. */
    PeerHost(String name, Namespace namespace) {
        this.namespace = namespace;
        StringBuilder script = new StringBuilder("set -e; hostname " + name + "\n");
        for (String folder : OWN) {
            script.append(
                    "if [ -d %1$s ]; then mount -t tmpfs -o mode=%2$s lab %1$s; fi%n"
                            .formatted(folder, folder.equals("/dev/shm") ? "1777" : "755"));
        }
        // Not on the host's network, so that whoever kills all of the host does not kill it; it
        // ends when nobody holds the other end of its input any more.
        script.append("echo ready; exec cat > /dev/null");
        try {
            keeper =
                    new ProcessBuilder(
                                    "unshare",
                                    "--mount",
                                    "--ipc",
                                    "--uts",
                                    "--propagation",
                                    "private",
                                    "sh",
                                    "-c",
                                    script.toString())
                            .redirectErrorStream(true)
                            .start();
            byte[] said = keeper.getInputStream().readNBytes("ready".length());
            if (!new String(said, StandardCharsets.UTF_8).equals("ready")) {
                String rest =
                        new String(keeper.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                throw new IllegalStateException(
                        "no folders of its own for host "
                                + name
                                + ": "
                                + new String(said, StandardCharsets.UTF_8)
                                + rest.strip());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<String> command(List<String> command) {
        // A session of its own: what is stopped here must not stop us.
        return Stream.concat(
                        Stream.of(
                                "nsenter",
                                "--target",
                                Long.toString(keeper.pid()),
                                "--mount",
                                "--ipc",
                                "--uts",
                                "--net=/run/netns/" + namespace.name(),
                                "setsid"),
                        command.stream())
                .toList();
    }

    @Override
    public void run(Runnable task) {
        namespace.run(task);
    }

    /** Starts a program as a process that lasts; what it prints is added to {@code log}. */
    Process start(Path log, List<String> command) {
        try {
            return new ProcessBuilder(command(command))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs a program to its end.
     *
     * @return what it printed
     * @throws IllegalStateException with what it said, if it fails or takes 10 s
     */
    String tool(List<String> command) {
        return Tool.run("", command(command));
    }

    /** Returns whether it has an IPv4 address now. */
    boolean has(String address) {
        boolean[] here = new boolean[1];
        run(() -> here[0] = AddressWatch.isHere(address));
        return here[0];
    }

    /** Takes an address away if it is there, as a host that starts anew has none. */
    void drop(String address) {
        if (has(address)) {
            String found = namespace.ip("-4 -oneline address show dev " + Wires.DEVICE);
            found.lines()
                    .flatMap(line -> Stream.of(line.split(" +")))
                    .filter(word -> word.startsWith(address + "/"))
                    .forEach(
                            word ->
                                    namespace.ip(
                                            "address delete " + word + " dev " + Wires.DEVICE));
        }
    }

    /** Ends what keeps its folders; they are gone with the last process. */
    @Override
    public void close() {
        keeper.destroy();
        try {
            if (!keeper.waitFor(10, TimeUnit.SECONDS)) {
                keeper.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
