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
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** A managed PostgreSQL: one copy, on this node. */
public final class PostgresEngine implements DatabaseEngine {

    private static final System.Logger LOG = System.getLogger(PostgresEngine.class.getName());
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final PostgresPlace place;
    private final PostgresBinaries binaries;
    private final CopyDirectory directory;
    private final PostgresSettings settings;
    private final PostgresServer server;
    private final Sessions own;
    private final Replication replication;
    private final Observation observation;
    private final PrimaryCommand primaryCommand;
    private final StandbyCommand standbyCommand;
    private final StreamMover mover;
    private final CommandGate gate;
    private final OrderlyStop orderlyStop;
    private final ReentrantLock seeding = new ReentrantLock();
    private final AtomicLong seedRequests = new AtomicLong();
    private volatile DatabaseRole role = DatabaseRole.STOPPED;
    private volatile Optional<Resync> resync = Optional.empty();

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
        this.binaries = binaries;
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
        this.orderlyStop = new OrderlyStop(place, directory, server, own);
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
        this.mover = new StreamMover(place, settings, server, replication);
        this.standbyCommand = new StandbyCommand(place, directory, settings, server, own, source);
        this.gate =
                new CommandGate(
                        place,
                        new EpochRecord(place.name(), directory.root().resolve("epoch")),
                        standbyCommand::cut);
    }

    @Override
    public DatabaseFacts observe() {
        Optional<Resync> copying = resync;
        if (copying.isPresent()) {
            return resyncing(copying.get());
        }
        DatabaseRole meant = role;
        if (meant == DatabaseRole.STOPPED) {
            return observation.facts(DatabaseRole.STOPPED, gate.problem());
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
        gate.run(
                epoch,
                limit,
                true,
                deadline -> {
                    server.requireNoneDoomed();
                    primaryCommand.make(mode, create, deadline, gate::checkNotCut);
                    role = DatabaseRole.PRIMARY;
                    observation.renewed();
                    return null;
                });
    }

    @Override
    public StandbyResult standby(Epoch epoch, Upstream upstream, Duration limit, Progress progress)
            throws DatabaseException, InterruptedException {
        return gate.run(
                epoch,
                limit,
                false,
                deadline -> {
                    try {
                        server.requireNoneDoomed();
                        return standbyCommand.follow(
                                epoch, upstream, limit, steps(progress), gate::checkNotCut);
                    } finally {
                        resync = Optional.empty();
                    }
                });
    }

    @Override
    public void replicate(Epoch epoch, ReplicationMode mode, Duration limit)
            throws DatabaseException, InterruptedException {
        gate.run(
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
                        if (place.peer().isEmpty()) {
                            primaryCommand.letGoOfFormer();
                        }
                    } else {
                        replication.join(limit);
                    }
                    return null;
                });
    }

    @Override
    public void partnerChanged() throws DatabaseException, InterruptedException {
        if (role != DatabaseRole.PRIMARY || !server.running()) {
            return;
        }
        try {
            replication.partnerChanged();
            primaryCommand.letGoOfFormer();
        } catch (IOException | SQLException e) {
            throw new DatabaseException(
                    place
                            + " does not know its new other node yet ("
                            + e.getMessage()
                            + "); it learns of it at its next start",
                    e);
        }
    }

    @Override
    public void pathsChanged(Upstream upstream, Optional<String> lost)
            throws DatabaseException, InterruptedException {
        gate.between(ANSWER, () -> mover.move(role, upstream, lost));
    }

    @Override
    public void leaveBehind() throws DatabaseException {
        if (!directory.exists()) {
            return;
        }
        try {
            new StartByHand(place, directory, settings, binaries).write();
        } catch (IOException e) {
            throw new DatabaseException(
                    place + ": no note could be left with its copy: " + e.getMessage(), e);
        }
    }

    @Override
    public void prepareStop(Epoch epoch, Duration limit)
            throws DatabaseException, InterruptedException {
        gate.requireCurrent(epoch);
        if (role == DatabaseRole.PRIMARY && server.running()) {
            orderlyStop.prepare(limit);
        }
    }

    @Override
    public StopResult stop(Epoch epoch, StopMode mode, Duration limit)
            throws DatabaseException, InterruptedException {
        gate.requireCurrent(epoch);
        if (mode == StopMode.IMMEDIATE) {
            role = DatabaseRole.STOPPED;
            gate.cutShort(server::kill);
        }
        return gate.run(
                epoch,
                limit.plus(ANSWER),
                true,
                deadline -> {
                    role = DatabaseRole.STOPPED;
                    StopResult result =
                            mode == StopMode.ORDERLY && server.running()
                                    ? stopInOrder(limit)
                                    : killed();
                    return result;
                });
    }

    @Override
    public void seed(Epoch epoch, OutputStream out) throws DatabaseException, InterruptedException {
        gate.requireCurrent(epoch);
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
        gate.close();
        role = DatabaseRole.STOPPED;
        try {
            server.kill();
        } catch (DatabaseException e) {
            LOG.log(System.Logger.Level.ERROR, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        orderlyStop.close();
        own.close();
    }

    private StopResult stopInOrder(Duration limit)
            throws DatabaseException, IOException, SQLException, InterruptedException {
        try {
            return orderlyStop.stop(limit);
        } finally {
            own.close();
        }
    }

    private StopResult killed() throws DatabaseException, InterruptedException {
        if (server.canAct()) {
            server.kill();
        }
        orderlyStop.close();
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

    private Member peer() throws DatabaseException {
        return place.peer().orElseThrow(() -> new DatabaseException(place + " has no second node"));
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
