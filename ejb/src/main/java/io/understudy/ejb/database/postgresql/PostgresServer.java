package io.understudy.ejb.database.postgresql;

import io.understudy.ejb.database.DatabaseException;
import io.understudy.ejb.guard.ChildKind;
import io.understudy.ejb.guard.Children;
import io.understudy.ejb.process.Account;
import io.understudy.ejb.process.Child;
import io.understudy.ejb.process.CommandResult;
import io.understudy.ejb.process.Launch;
import io.understudy.ejb.process.LogFile;
import io.understudy.ejb.process.ProcessIdentity;
import io.understudy.ejb.process.ProcessTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The server process of one copy: started in the foreground as our child, ended by number. */
final class PostgresServer {

    private static final System.Logger LOG = System.getLogger(PostgresServer.class.getName());
    private static final int STATUS_LINE = 7;
    private static final int SEGMENT_LINE = 6;
    private static final Duration ANSWER = Duration.ofSeconds(2);
    private static final Duration SYNC = Duration.ofMinutes(10);

    private final PostgresPlace place;
    private final CopyDirectory directory;
    private final PostgresSettings settings;
    private final PostgresBinaries binaries;
    private final Children children;
    private final Optional<Account> account;
    private volatile Optional<Child> child = Optional.empty();

    PostgresServer(
            PostgresPlace place,
            CopyDirectory directory,
            PostgresSettings settings,
            PostgresBinaries binaries,
            Children children,
            Optional<Account> account) {
        this.place = place;
        this.directory = directory;
        this.settings = settings;
        this.binaries = binaries;
        this.children = children;
        this.account = account;
    }

    boolean running() {
        return child.filter(Child::alive).isPresent();
    }

    Optional<Child> child() {
        return child;
    }

    /** Something that ends a wait early by throwing. */
    interface Interruption {
        void check() throws DatabaseException;
    }

    /** Starts the server and returns when it takes connections. */
    void start(ChildKind kind, Duration limit, Interruption interruption)
            throws DatabaseException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            clearFormerLife();
            LogFile.rotate(place.log());
            long logged = Files.exists(place.log()) ? Files.size(place.log()) : 0;
            Child started =
                    children.start(
                            place.instance(),
                            "database." + place.name(),
                            launch(
                                    List.of(
                                            binaries.postgres().toString(),
                                            "-D",
                                            directory.data().toString(),
                                            "-c",
                                            "config_file=" + settings.file())),
                            kind);
            child = Optional.of(started);
            awaitReady(started, deadline, logged, limit, interruption);
        } catch (IOException e) {
            throw new DatabaseException(
                    place + " cannot be started: " + e.getMessage() + "; see " + place.log(), e);
        }
    }

    /** Says that the process now serves, or no longer does. */
    void kind(ChildKind kind) {
        child.ifPresent(running -> children.kind(running, kind));
    }

    /** Makes the server read its settings again; it does so soon after this returns. */
    void reload() throws DatabaseException, InterruptedException {
        if (child.isPresent()) {
            signal(child.get(), "HUP");
        }
    }

    /**
     * Asks the server to end its sessions, write everything and give it to the standby; kills it
     * when {@code limit} passes.
     *
     * @return whether it ended by itself, well
     */
    boolean stopInOrder(Duration limit) throws DatabaseException, InterruptedException {
        if (!running()) {
            kill();
            return false;
        }
        Child stopping = child.orElseThrow();
        signal(stopping, "INT");
        boolean ended = stopping.awaitEnd(limit);
        kill();
        return ended && stopping.exitStatus() == 0;
    }

    /**
     * Kills every process that works in the copy's directory, whoever started it. What hangs in the
     * kernel, as on a disk that does not answer, and has been killed there counts as dead: it
     * acknowledges nothing any more. Nothing is started beside it.
     */
    void kill() throws DatabaseException, InterruptedException {
        Optional<String> segment = sharedSegment();
        if (child.isPresent()) {
            child.get().kill();
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
        try {
            List<ProcessIdentity> left = processes();
            while (ProcessTree.canAct(left)) {
                if (System.nanoTime() - deadline > 0) {
                    throw new DatabaseException(
                            place
                                    + ": process "
                                    + left.get(0).pid()
                                    + " cannot be killed; restart the host");
                }
                for (ProcessIdentity process : left) {
                    ProcessTree.kill(process);
                }
                left = processes();
            }
            if (!left.isEmpty()) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "{0}: process {1} is killed and hangs in the kernel; look at the disk",
                        place,
                        Long.toString(left.get(0).pid()));
            } else if (segment.isPresent()) {
                release(segment.get());
            }
        } catch (IOException e) {
            throw new DatabaseException(
                    place + ": its processes cannot be listed (" + e.getMessage() + ")", e);
        }
    }

    /** Returns whether a process of the copy runs, or will: neither ended nor doomed. */
    boolean canAct() throws DatabaseException {
        try {
            return child.filter(Child::canAct).isPresent() || ProcessTree.canAct(processes());
        } catch (IOException e) {
            throw new DatabaseException(
                    place + ": its processes cannot be listed (" + e.getMessage() + ")", e);
        }
    }

    /**
     * Returns the System V segment of a server that lives at this moment; of a dead one the number
     * may be another's by now. A killed server leaves it behind; the next one on the same directory
     * removes it, but a copy that is made anew has another directory.
     */
    private Optional<String> sharedSegment() {
        try {
            List<String> lines = pidFile();
            boolean own =
                    running()
                            && lines.size() > SEGMENT_LINE
                            && lines.get(0).trim().equals(Long.toString(child.orElseThrow().pid()));
            return own
                    ? Optional.of(lines.get(SEGMENT_LINE).trim().replaceFirst("^\\d+\\s+", ""))
                            .filter(id -> id.matches("\\d+"))
                    : Optional.empty();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "reading postmaster.pid of " + place, e);
            return Optional.empty();
        }
    }

    private void release(String segment) throws InterruptedException {
        try {
            run(List.of("ipcrm", "-m", segment), "", ANSWER);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "removing a killed server's segment", e);
        }
    }

    /** Runs one of PostgreSQL's programs on {@code data} to its end. */
    CommandResult run(List<String> command, String input, Duration limit)
            throws IOException, InterruptedException {
        return children.run(launch(command), input, limit);
    }

    /** Writes everything under {@code path} to disk: one call instead of one for each file. */
    void syncToDisk(Path path) throws DatabaseException, IOException, InterruptedException {
        CommandResult synced = run(List.of("sync", "-f", path.toString()), "", SYNC);
        if (!synced.succeeded()) {
            throw new DatabaseException(
                    place + ": the new copy could not be written to disk: " + synced.lastLine());
        }
    }

    /** Keeps the log short; called now and then. */
    void rotateLog() throws IOException {
        LogFile.rotate(place.log());
    }

    private Launch launch(List<String> command) {
        return new Launch(
                place.toString(), command, Map.of(), false, Path.of("/"), place.log(), account);
    }

    private void signal(Child process, String signal)
            throws DatabaseException, InterruptedException {
        try {
            process.signal(signal);
        } catch (IOException e) {
            throw new DatabaseException(place + ": " + e.getMessage(), e);
        }
    }

    private void awaitReady(
            Child started, long deadline, long logged, Duration limit, Interruption interruption)
            throws DatabaseException, InterruptedException, IOException {
        while (!"ready".equals(status(started))) {
            if (!started.alive()) {
                throw new DatabaseException(
                        place + " did not start: " + lastWords(logged) + "; see " + place.log());
            }
            if (System.nanoTime() - deadline > 0) {
                kill();
                throw new DatabaseException(
                        place
                                + " was not ready within "
                                + limit.toMillis()
                                + " ms: "
                                + lastWords(logged)
                                + "; see "
                                + place.log());
            }
            try {
                interruption.check();
            } catch (DatabaseException e) {
                kill();
                throw e;
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** PostgreSQL itself writes its state there for pg_ctl. */
    private String status(Child started) throws IOException {
        List<String> lines = pidFile();
        boolean own = !lines.isEmpty() && lines.get(0).trim().equals(Long.toString(started.pid()));
        return own && lines.size() > STATUS_LINE ? lines.get(STATUS_LINE).trim() : "";
    }

    private List<String> pidFile() throws IOException {
        Path file = directory.data().resolve("postmaster.pid");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    /**
     * Ends processes of a former life and removes their lock. PostgreSQL takes a zombie for a
     * living postmaster and would refuse to start; the proof that nobody lives is that no process
     * works in the directory.
     */
    private void clearFormerLife() throws IOException, DatabaseException, InterruptedException {
        children.endLeftover(place.instance(), "database." + place.name());
        List<ProcessIdentity> left = processes();
        if (!left.isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0}: {1} processes of a former life still run and are ended",
                    place,
                    left.size());
            kill();
            requireNoneDoomed();
        }
        List<String> lines = pidFile();
        if (lines.isEmpty()) {
            return;
        }
        long pid = Long.parseLong(lines.get(0).trim());
        Optional<ProcessIdentity> holder = ProcessIdentity.of(pid);
        if (holder.filter(ProcessIdentity::alive).isPresent() && worksHere(pid)) {
            throw new DatabaseException(
                    place
                            + ": process "
                            + pid
                            + " still holds "
                            + directory.data()
                            + "; end it by hand");
        }
        Files.delete(directory.data().resolve("postmaster.pid"));
    }

    /**
     * Refuses where a killed process still hangs: it may yet finish a write, and whoever writes
     * beside it hangs too.
     */
    void requireNoneDoomed() throws DatabaseException, IOException {
        List<ProcessIdentity> left = processes().stream().filter(ProcessIdentity::doomed).toList();
        if (!left.isEmpty()) {
            throw new DatabaseException(
                    place
                            + ": process "
                            + left.get(0).pid()
                            + " is killed and hangs in the kernel; mend the disk or restart the"
                            + " host");
        }
    }

    /** Every process of a PostgreSQL server has the data directory as its working directory. */
    private List<ProcessIdentity> processes() throws IOException {
        List<ProcessIdentity> found = new ArrayList<>();
        if (!directory.exists()) {
            return found;
        }
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                String name = entry.getFileName().toString();
                if (!name.isEmpty() && Character.isDigit(name.charAt(0))) {
                    long pid = Long.parseLong(name);
                    if (worksHere(pid)) {
                        ProcessIdentity.of(pid)
                                .filter(ProcessIdentity::alive)
                                .ifPresent(found::add);
                    }
                }
            }
        }
        return found;
    }

    private boolean worksHere(long pid) throws IOException {
        Path data = directory.data().toRealPath();
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "cwd")).equals(data);
        } catch (IOException notOurs) {
            // Gone, a zombie, or another user's: none of them is a server on this directory.
            return false;
        }
    }

    /** Returns PostgreSQL's last complaint since {@code from}, without time and process. */
    String lastWords(long from) {
        try {
            byte[] log = Files.readAllBytes(place.log());
            int start = (int) Math.min(Math.max(0, from), log.length);
            String text = new String(log, start, log.length - start, StandardCharsets.UTF_8);
            return text.lines()
                    .filter(line -> line.contains("FATAL:") || line.contains("PANIC:"))
                    .map(line -> line.replaceFirst("^.*?(FATAL|PANIC):\\s*", ""))
                    .reduce((a, b) -> b)
                    .orElse("it said nothing");
        } catch (IOException e) {
            return "its log cannot be read (" + e.getMessage() + ")";
        }
    }
}
