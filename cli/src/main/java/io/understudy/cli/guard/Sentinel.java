package io.understudy.cli.guard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The last one standing: a shell that waits until this process is gone, however it went, and then
 * kills what lives in the control groups of the registry. Children of the app server are killed by
 * the kernel when it dies; daemons in control groups are nobody's children, and without this they
 * would outlive a kill of launcher and app server together.
 */
final class Sentinel implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Sentinel.class.getName());

    /** Reads nothing until the other end of its input is closed by the kernel. */
    private static final String SCRIPT =
            "trap '' INT TERM HUP; cat >/dev/null; while read -r kind group; do if [ \"$kind\" ="
                    + " group ]; then echo 1 >\"$group/cgroup.kill\"; fi; done <\"$0\"";

    private final Path registry;
    private Optional<Process> shell = Optional.empty();

    Sentinel(Path registry) {
        this.registry = registry;
    }

    /** Starts it if it does not run. */
    void ensure() {
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
                    "no sentinel: units and agents would outlive a kill of this process and the"
                            + " server together",
                    e);
        }
    }

    /** Lets it do its work and end, as if this process were gone. */
    @Override
    public void close() {
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
