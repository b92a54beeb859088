package io.understudy.cli.guard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The last one standing: a shell that waits until this process is gone, however it went, and then
 * takes away the addresses of the registry and kills what lives in its control groups. Children of
 * the app server are killed by the kernel when it dies; daemons in control groups are nobody's
 * children, and without this they would outlive a kill of launcher and app server together. An
 * address would stay for the second that the kernel was told, while the other node, with proof of
 * this one's death, takes it in less. Safe for use by several threads.
 */
final class Sentinel implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Sentinel.class.getName());

    /** Reads nothing until the other end of its input is closed by the kernel. */
    private static final String SCRIPT =
            "trap '' INT TERM HUP; PATH=$PATH:/usr/sbin:/sbin; cat >/dev/null;"
                    + " while read -r kind rest; do case $kind in"
                    + " group) echo 1 >\"$rest/cgroup.kill\";;"
                    // Word splitting is meant: ADDRESS/PREFIX dev INTERFACE.
                    + " address) ip address delete $rest;;"
                    + " esac; done <\"$0\"";

    private final Path registry;
    private Optional<Process> shell = Optional.empty();

    Sentinel(Path registry) {
        this.registry = registry;
    }

    /** Starts it if it does not run. */
    synchronized void ensure() {
        if (shell.filter(Process::isAlive).isPresent()) {
            return;
        }
        try {
            shell =
                    Optional.of(
                            new ProcessBuilder("/bin/sh", "-c", SCRIPT, registry.toString())
                                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                                    .start());
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "no sentinel: units, agents and addresses would outlive a kill of this process"
                            + " and the server together",
                    e);
        }
    }

    /** Lets it do its work and end, as if this process were gone. */
    @Override
    public synchronized void close() {
        shell.ifPresent(
                process -> {
                    try {
                        process.getOutputStream().close();
                    } catch (IOException e) {
                        process.destroyForcibly();
                    }
                });
    }
}
