package io.understudy.ejb.database.postgresql;

import io.understudy.core.config.NodeConfiguration.Member;
import io.understudy.core.database.DatabaseFacts;
import io.understudy.core.database.DatabaseRole;
import io.understudy.core.database.ReplicationMode;
import io.understudy.core.lease.Epoch;
import io.understudy.ejb.database.DatabaseAccess;
import io.understudy.ejb.database.DatabaseEngine;
import io.understudy.ejb.database.DatabaseException;
import io.understudy.ejb.database.EpochRecord;
import io.understudy.ejb.database.Progress;
import io.understudy.ejb.database.SeedSource;
import io.understudy.ejb.database.StaleEpochException;
import io.understudy.ejb.database.StandbyResult;
import io.understudy.ejb.database.StopMode;
import io.understudy.ejb.database.StopResult;
import io.understudy.ejb.database.Upstream;
import io.understudy.ejb.guard.Children;
import io.understudy.ejb.process.Account;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** A managed PostgreSQL: one copy, on this node. */
public final class PostgresEngine implements DatabaseEngine {

    private static final System.Logger LOG = System.getLogger(PostgresEngine.class.getName());
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final PostgresPlace place;
    private final CopyDirectory directory;
    private final PostgresSettings settings;
    private final PostgresServer server;
    private final Sessions own;
    private final Replication replication;
    private final Observation observation;
    private final PrimaryCommand primaryCommand;
    private final StandbyCommand standbyCommand;
    private final EpochRecord epochs;
    private final ReentrantLock command = new ReentrantLock(true);
    private final ReentrantLock seeding = new ReentrantLock();
    private final AtomicLong seedRequests = new AtomicLong();
    private final AtomicInteger preempting = new AtomicInteger();
    private volatile DatabaseRole role = DatabaseRole.STOPPED;
    private volatile Optional<String> problem = Optional.empty();
    private volatile Optional<Resync> resync = Optional.empty();
    private volatile boolean closed;

    private record Resync(int percent, Optional<Duration> left) {}

    /**
     * Reads what is on disk; starts nothing.
     *
     * @param place which copy of which database
     * @param binaries the programs
     * @param children starts processes
     * @param source how a copy comes from the other node
     * @param workers for work nobody waits for; each piece ends within seconds
     * @param nanos the monotonic clock
     * @throws DatabaseException if the copy's records cannot be read, or this node runs as root and
     *     has no other account
     */
    public PostgresEngine(
            PostgresPlace place,
            PostgresBinaries binaries,
            Children children,
            SeedSource source,
            Executor workers,
            LongSupplier nanos)
            throws DatabaseException {
        this.place = place;
        Optional<Account> account;
        try {
            account = Account.unprivileged();
        } catch (IOException e) {
            throw new DatabaseException(place + ": " + e.getMessage(), e);
        }
        this.directory = new CopyDirectory(place.root(), account);
        this.settings = new PostgresSettings(place, directory);
        this.server = new PostgresServer(place, directory, settings, binaries, children, account);
        this.own = Sessions.own(place);
        this.replication = new Replication(place, settings, server, own);
        this.observation = new Observation(place, own, nanos);
        this.primaryCommand =
                new PrimaryCommand(
                        place,
                        directory,
                        settings,
                        server,
                        own,
                        replication,
                        new NewDatabase(place, directory, binaries, server),
                        workers);
        this.standbyCommand = new StandbyCommand(place, directory, settings, server, own, source);
        this.epochs = new EpochRecord(place.name(), directory.root().resolve("epoch"));
    }

    @Override
    public DatabaseFacts observe() {
        Optional<Resync> copying = resync;
        if (copying.isPresent()) {
            return resyncing(copying.get());
        }
        DatabaseRole meant = role;
        if (meant == DatabaseRole.STOPPED) {
            return observation.facts(DatabaseRole.STOPPED, problem);
        }
        if (!server.running()) {
            return observation.facts(
                    DatabaseRole.FAILED,
                    Optional.of(place + " has ended by itself; see " + place.log()));
        }
        rotateLog();
        return observation.ask(meant);
    }

    @Override
    public void primary(Epoch epoch, ReplicationMode mode, boolean create, Duration limit)
            throws DatabaseException, InterruptedException {
        run(
                epoch,
                limit,
                true,
                deadline -> {
                    primaryCommand.make(mode, create, deadline, this::checkNotCut);
                    role = DatabaseRole.PRIMARY;
                    observation.renewed();
                    return null;
                });
    }

    @Override
    public StandbyResult standby(Epoch epoch, Upstream upstream, Duration limit, Progress progress)
            throws DatabaseException, InterruptedException {
        return run(
                epoch,
                limit,
                false,
                deadline -> {
                    try {
                        return standbyCommand.follow(
                                epoch, upstream, limit, steps(progress), this::checkNotCut);
                    } finally {
                        resync = Optional.empty();
                    }
                });
    }

    @Override
    public void replicate(Epoch epoch, ReplicationMode mode, Duration limit)
            throws DatabaseException, InterruptedException {
        run(
                epoch,
                limit,
                false,
                deadline -> {
                    if (!server.running() || role != DatabaseRole.PRIMARY) {
                        throw new DatabaseException(
                                place
                                        + " is no running primary here, so its replication cannot be"
                                        + " changed; read the state again");
                    }
                    if (mode == ReplicationMode.ASYNCHRONOUS) {
                        replication.set(mode, left(deadline));
                    } else {
                        replication.join(limit);
                    }
                    return null;
                });
    }

    @Override
    public StopResult stop(Epoch epoch, StopMode mode, Duration limit)
            throws DatabaseException, InterruptedException {
        requireCurrent(epoch);
        if (mode == StopMode.IMMEDIATE) {
            role = DatabaseRole.STOPPED;
            preempting.incrementAndGet();
            try {
                standbyCommand.cut();
                server.kill();
            } finally {
                preempting.decrementAndGet();
            }
        }
        return run(
                epoch,
                limit.plus(ANSWER),
                true,
                deadline -> {
                    role = DatabaseRole.STOPPED;
                    StopResult result =
                            mode == StopMode.ORDERLY && server.running()
                                    ? stopInOrder(limit)
                                    : killed();
                    problem = Optional.empty();
                    return result;
                });
    }

    @Override
    public void seed(Epoch epoch, OutputStream out) throws DatabaseException, InterruptedException {
        requireCurrent(epoch);
        if (role != DatabaseRole.PRIMARY) {
            throw new DatabaseException(
                    place + " is no running primary here and cannot be copied; ask its holder");
        }
        long request = seedRequests.incrementAndGet();
        if (!seeding.tryLock(ANSWER.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new DatabaseException(
                    place + " is still being copied for an earlier request; ask again");
        }
        try (Connection connection = own.open(Duration.ofSeconds(5))) {
            Slot.keep(own, peer(), ANSWER);
            new SeedWriter(
                            directory.data(),
                            () -> request == seedRequests.get(),
                            new DataOutputStream(new BufferedOutputStream(out, SeedFormat.CHUNK)))
                    .write(connection);
        } catch (IOException | SQLException e) {
            throw new DatabaseException(
                    place
                            + " could not be copied ("
                            + e.getMessage()
                            + "); it is begun anew when"
                            + " the other node asks again",
                    e);
        } finally {
            seeding.unlock();
        }
    }

    @Override
    public DatabaseAccess access() {
        return new DatabaseAccess(
                place.host(), place.port(), place.name(), place.name(), directory.passwordFile());
    }

    @Override
    public void close() {
        closed = true;
        role = DatabaseRole.STOPPED;
        standbyCommand.cut();
        try {
            server.kill();
        } catch (DatabaseException e) {
            LOG.log(System.Logger.Level.ERROR, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        own.close();
    }

    private StopResult stopInOrder(Duration limit)
            throws DatabaseException, IOException, SQLException, InterruptedException {
        OrderlyStop stop = new OrderlyStop(place, directory, server, own);
        try {
            return stop.stop(limit);
        } finally {
            own.close();
        }
    }

    private StopResult killed() throws DatabaseException, InterruptedException {
        server.kill();
        own.close();
        try {
            return directory.exists()
                    ? new StopResult(false, false, ControlFile.read(directory.data()).position())
                    : new StopResult(false, false, "");
        } catch (IOException unreadable) {
            return new StopResult(false, false, "");
        }
    }

    private StandbyCommand.Steps steps(Progress progress) {
        return new StandbyCommand.Steps() {
            @Override
            public void copying(int percent, Optional<Duration> left) {
                role = DatabaseRole.STOPPED;
                resync = Optional.of(new Resync(percent, left));
                progress.at(percent, left);
            }

            @Override
            public void started() {
                role = DatabaseRole.STANDBY;
                observation.renewed();
            }

            @Override
            public void stopped() {
                role = DatabaseRole.STOPPED;
            }
        };
    }

    private interface Body<T> {
        T run(long deadline)
                throws DatabaseException, IOException, SQLException, InterruptedException;
    }

    /** Runs one command at a time; a preempting one makes a standby command end early. */
    private <T> T run(Epoch epoch, Duration limit, boolean preempts, Body<T> body)
            throws DatabaseException, InterruptedException {
        requireCurrent(epoch);
        long deadline = System.nanoTime() + limit.toNanos();
        if (preempts) {
            preempting.incrementAndGet();
            standbyCommand.cut();
        }
        boolean mine;
        try {
            mine = command.tryLock(limit.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            if (preempts) {
                preempting.decrementAndGet();
            }
        }
        if (!mine) {
            throw new DatabaseException(
                    place + " is still busy with another command; it is repeated later");
        }
        try {
            // A later command only cuts short what it would otherwise have to wait for.
            if (closed || !preempts) {
                checkNotCut();
            }
            epochs.accept(epoch);
            T result = body.run(deadline);
            problem = Optional.empty();
            return result;
        } catch (IOException | SQLException e) {
            DatabaseException worded =
                    new DatabaseException(
                            place + ": " + e.getMessage() + "; see " + place.log(), e);
            problem = Optional.of(worded.getMessage());
            throw worded;
        } catch (DatabaseException e) {
            problem = Optional.of(e.getMessage());
            throw e;
        } finally {
            command.unlock();
        }
    }

    private Member peer() throws DatabaseException {
        return place.peer().orElseThrow(() -> new DatabaseException(place + " has no second node"));
    }

    private void requireCurrent(Epoch epoch) throws StaleEpochException {
        if (epoch.isBefore(epochs.known())) {
            throw new StaleEpochException(place.name(), epoch, epochs.known());
        }
    }

    private void checkNotCut() throws DatabaseException {
        if (closed) {
            throw new DatabaseException(place + " is closed: this node is stopping");
        }
        if (preempting.get() > 0) {
            throw new DatabaseException(place + ": cut short by a later command");
        }
    }

    private DatabaseFacts resyncing(Resync copying) {
        DatabaseFacts plain = observation.facts(DatabaseRole.RESYNCING, Optional.empty());
        return new DatabaseFacts(
                plain.name(),
                plain.role(),
                false,
                false,
                plain.replication(),
                plain.lagBytes(),
                OptionalInt.of(copying.percent()),
                copying.left(),
                plain.position(),
                plain.problem());
    }

    private void rotateLog() {
        try {
            server.rotateLog();
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0}: its log cannot be rotated ({1})",
                    place,
                    e.getMessage());
        }
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }
}
