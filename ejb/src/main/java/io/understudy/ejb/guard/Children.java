package io.understudy.ejb.guard;

import io.understudy.core.instance.InstanceName;
import io.understudy.ejb.process.Child;
import io.understudy.ejb.process.CommandResult;
import io.understudy.ejb.process.ControlGroup;
import io.understudy.ejb.process.Launch;
import io.understudy.ejb.process.ProcessIdentity;
import io.understudy.ejb.process.ProcessTree;
import io.understudy.ejb.process.Spawner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;

/**
 * Starts this node's children so that none can be forgotten: each is told to the guard and written
 * down under {@code DATA/run} right after its start, and what a former life of this node left
 * running under the same key is ended first.
 */
public final class Children {

    private static final System.Logger LOG = System.getLogger(Children.class.getName());

    private final Path records;
    private final Spawner spawner;
    private final GuardLink guard;

    /**
     * Does nothing yet.
     *
     * @param run the directory {@code DATA/run}
     * @param spawner forks
     * @param guard is told; {@link GuardLink#none()} to run without one
     */
    public Children(Path run, Spawner spawner, GuardLink guard) {
        this.records = run.resolve("children");
        this.spawner = spawner;
        this.guard = guard;
    }

    /** Returns the line to the guard. */
    public GuardLink guard() {
        return guard;
    }

    /**
     * Starts a child.
     *
     * @param key names its purpose, unique in its instance, the same in every life of this node,
     *     for example {@code service.web}
     * @throws IOException if it cannot be started, or a guard is required and lost: then nothing
     *     runs on return
     */
    public Child start(InstanceName instance, String key, Launch launch, ChildKind kind)
            throws IOException, InterruptedException {
        requireGuard(launch);
        endLeftover(instance, key);
        Child child = spawner.start(launch);
        try {
            record(instance, key, child.identity());
            guard.child(instance, child.identity(), kind);
            requireGuard(launch);
        } catch (IOException e) {
            child.kill();
            throw e;
        }
        child.ended().whenComplete((status, problem) -> forget(instance, key, child.identity()));
        return child;
    }

    /**
     * Runs a short command; it is neither guarded nor written down, as its limit ends it.
     *
     * @see Spawner#run(Launch, String, Duration)
     */
    public CommandResult run(Launch launch, String input, Duration limit)
            throws IOException, InterruptedException {
        return spawner.run(launch, input, limit);
    }

    /**
     * Begins a short command; it is neither guarded nor written down, and ends with this node.
     *
     * @see Spawner#begin(Launch)
     */
    public Child begin(Launch launch) throws IOException, InterruptedException {
        return spawner.begin(launch);
    }

    /**
     * Has the guard hold whatever lives in {@code group} to the instance's lease.
     *
     * @throws IOException if a guard is required and lost: then nothing may be started in it
     */
    public void hold(InstanceName instance, ControlGroup group) throws IOException {
        if (guard.required() && !guard.guarded()) {
            throw new IOException(
                    "nothing is started in "
                            + group.directory()
                            + ": the guard is lost; restart the node by 'understudy node'");
        }
        guard.group(instance, group.directory());
    }

    /** Tells the guard that a child's kind has changed. */
    public void kind(Child child, ChildKind kind) {
        guard.kind(child.identity(), kind);
    }

    /**
     * Ends what a former life of this node left running under {@code key}.
     *
     * @return what was found running and ended, if anything was
     * @throws IOException if it cannot be ended
     */
    public Optional<ProcessIdentity> endLeftover(InstanceName instance, String key)
            throws IOException, InterruptedException {
        Optional<ProcessIdentity> left = read(recordOf(instance, key));
        if (left.isEmpty() || !left.get().alive()) {
            return Optional.empty();
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "process {0} of a former life of this node ({1} of instance {2}) still runs and is"
                        + " ended",
                Long.toString(left.get().pid()),
                key,
                instance);
        if (!ProcessTree.kill(left.get())) {
            throw new IOException(
                    "process "
                            + left.get().pid()
                            + " ("
                            + key
                            + " of instance "
                            + instance
                            + ", left by a former life of this node) cannot be killed; end it by"
                            + " hand or restart the host");
        }
        return left;
    }

    private void requireGuard(Launch launch) throws IOException {
        if (guard.required() && !guard.guarded()) {
            throw new IOException(
                    "'"
                            + launch.name()
                            + "' is not started: the guard is lost; restart the node by"
                            + " 'understudy node'");
        }
    }

    private Path recordOf(InstanceName instance, String key) {
        return records.resolve(instance + "~" + key.replaceAll("[^A-Za-z0-9._-]", "_"));
    }

    private synchronized void record(InstanceName instance, String key, ProcessIdentity process)
            throws IOException {
        Files.createDirectories(records);
        Path file = recordOf(instance, key);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, process.pid() + " " + process.startTicks() + "\n");
        Files.move(
                fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private synchronized void forget(InstanceName instance, String key, ProcessIdentity process) {
        guard.gone(process);
        try {
            Path file = recordOf(instance, key);
            if (read(file).filter(process::equals).isPresent()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // A record of a dead process does no harm: its start time no longer matches anything.
            LOG.log(System.Logger.Level.DEBUG, "forgetting process " + process.pid(), e);
        }
    }

    private static Optional<ProcessIdentity> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String[] words = Files.readString(file).trim().split(" ");
        try {
            return Optional.of(
                    new ProcessIdentity(Long.parseLong(words[0]), Long.parseLong(words[1])));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            // Written by rename, so never half; a damaged record names no process.
            return Optional.empty();
        }
    }
}
