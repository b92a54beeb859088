package io.understudy.ejb.database.postgresql;

import io.understudy.core.lease.Epoch;
import io.understudy.ejb.database.DatabaseException;
import io.understudy.ejb.database.SeedSource;
import io.understudy.ejb.database.StandbyResult;
import io.understudy.ejb.database.Upstream;
import io.understudy.ejb.guard.ChildKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Makes a copy follow: as it is if it can, else anew. The order of the steps is what keeps data:
 * the old copy stays the copy until the new one is whole and on disk.
 */
final class StandbyCommand {

    private static final System.Logger LOG = System.getLogger(StandbyCommand.class.getName());
    private static final Duration ASK = Duration.ofSeconds(2);
    private static final Duration DEMOTE = Duration.ofSeconds(10);

    private final PostgresPlace place;
    private final CopyDirectory directory;
    private final PostgresSettings settings;
    private final PostgresServer server;
    private final Sessions own;
    private final SeedSource source;
    private volatile Optional<InputStream> reading = Optional.empty();

    StandbyCommand(
            PostgresPlace place,
            CopyDirectory directory,
            PostgresSettings settings,
            PostgresServer server,
            Sessions own,
            SeedSource source) {
        this.place = place;
        this.directory = directory;
        this.settings = settings;
        this.server = server;
        this.own = own;
        this.source = source;
    }

    /** Hears what the command does. */
    interface Steps {
        void copying(int percent, Optional<Duration> left);

        void started();

        void stopped();
    }

    StandbyResult follow(
            Epoch epoch,
            Upstream upstream,
            Duration limit,
            Steps steps,
            PostgresServer.Interruption interruption)
            throws DatabaseException, IOException, SQLException, InterruptedException {
        try (Sessions primary = Sessions.other(place, upstream.hosts(), upstream.port())) {
            directory.prepare();
            if (server.running() && !isStandby()) {
                steps.stopped();
                server.stopInOrder(DEMOTE);
                own.close();
            }
            UpstreamState state = awaitPrimary(primary, upstream, limit, interruption);
            Slot.keep(primary, place.self(), ASK);
            Verdict verdict = followAsIs(upstream, primary, state, limit, steps, interruption);
            if (verdict.kind() == Verdict.Kind.FOLLOWS) {
                return new StandbyResult(false, Optional.empty(), Optional.empty());
            }
            LOG.log(
                    System.Logger.Level.INFO,
                    "{0} is copied anew from node {1}: {2}",
                    place,
                    upstream.node(),
                    verdict.reason());
            steps.copying(0, Optional.empty());
            stopServer();
            Optional<String> aside = copy(epoch, upstream, verdict, steps, interruption);
            start(upstream, limit, steps, interruption);
            Verdict after =
                    new Following(place, server, own, primary)
                            .watch(state.timeline(), limit, interruption);
            if (after.kind() != Verdict.Kind.FOLLOWS) {
                throw new DatabaseException(
                        place + " does not follow even as a fresh copy: " + after.reason());
            }
            directory.prune();
            return new StandbyResult(true, Optional.of(verdict.reason()), aside);
        }
    }

    /** Ends a copying in progress. */
    void cut() {
        reading.ifPresent(
                stream -> {
                    try {
                        stream.close();
                    } catch (IOException e) {
                        LOG.log(System.Logger.Level.DEBUG, "cutting a copying short", e);
                    }
                });
    }

    private boolean isStandby() throws SQLException {
        return own.run(ASK, connection -> Queries.truth(connection, "SELECT pg_is_in_recovery()"));
    }

    private UpstreamState awaitPrimary(
            Sessions primary,
            Upstream upstream,
            Duration limit,
            PostgresServer.Interruption interruption)
            throws DatabaseException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        String trouble = "it is not a primary yet";
        while (true) {
            interruption.check();
            try {
                UpstreamState state = UpstreamState.ask(primary, ASK);
                if (state.primary()) {
                    return state;
                }
            } catch (SQLException e) {
                trouble = e.getMessage();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new DatabaseException(
                        place
                                + " cannot follow node "
                                + upstream.node()
                                + " at "
                                + String.join(" or ", upstream.hosts())
                                + ":"
                                + upstream.port()
                                + " ("
                                + trouble
                                + "); it is tried again");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private Verdict followAsIs(
            Upstream upstream,
            Sessions primary,
            UpstreamState state,
            Duration limit,
            Steps steps,
            PostgresServer.Interruption interruption)
            throws DatabaseException, IOException, InterruptedException {
        if (!directory.exists()) {
            return new Verdict(Verdict.Kind.BEHIND, "there is no copy on this node yet");
        }
        int timeline;
        try {
            ControlFile control = ControlFile.read(directory.data());
            timeline = control.timeline();
            if (!server.running()) {
                Verdict verdict = Verdict.of(control, ownHistory(timeline), state);
                if (verdict.kind() != Verdict.Kind.FOLLOWS) {
                    return verdict;
                }
            }
        } catch (IOException damaged) {
            return Verdict.diverged("this copy is damaged: " + damaged.getMessage());
        }
        if (server.running()) {
            settings.writeStandby(Optional.of(upstream));
            server.reload();
        } else {
            try {
                start(upstream, limit, steps, interruption);
            } catch (DatabaseException e) {
                interruption.check();
                return Verdict.diverged("this copy does not start: " + e.getMessage());
            }
        }
        return new Following(place, server, own, primary).watch(timeline, limit, interruption);
    }

    private TimelineHistory ownHistory(int timeline) throws IOException {
        Path file = directory.data().resolve("pg_wal").resolve(TimelineHistory.fileName(timeline));
        return Files.exists(file)
                ? TimelineHistory.parse(Files.readString(file))
                : TimelineHistory.NONE;
    }

    private void start(
            Upstream upstream,
            Duration limit,
            Steps steps,
            PostgresServer.Interruption interruption)
            throws DatabaseException, IOException, InterruptedException {
        settings.writeStandby(Optional.of(upstream));
        directory.writePassword(place.passwordFor().apply("application"));
        // Slots of a former primary would keep log for ever.
        CopyDirectory.empty(directory.data().resolve("pg_replslot"));
        Path signal = directory.data().resolve("standby.signal");
        if (!Files.exists(signal)) {
            Files.createFile(signal);
            directory.own(signal);
            CopyDirectory.force(directory.data());
        }
        own.close();
        server.start(ChildKind.BOUND, limit, interruption);
        steps.started();
    }

    private void stopServer() throws DatabaseException, IOException, InterruptedException {
        if (server.running()) {
            server.stopInOrder(DEMOTE);
        }
        server.kill();
        server.requireNoneDoomed();
        own.close();
    }

    private Optional<String> copy(
            Epoch epoch,
            Upstream upstream,
            Verdict verdict,
            Steps steps,
            PostgresServer.Interruption interruption)
            throws DatabaseException, IOException, InterruptedException {
        Path incoming = directory.freshIncoming();
        try (InputStream stream = source.open(epoch)) {
            reading = Optional.of(stream);
            new SeedReader(directory, incoming, steps::copying, interruption).read(stream);
        } catch (IOException e) {
            interruption.check();
            throw new DatabaseException(
                    place
                            + " could not be copied from node "
                            + upstream.node()
                            + " ("
                            + e.getMessage()
                            + "); it is begun anew",
                    e);
        } finally {
            reading = Optional.empty();
        }
        complete(incoming);
        return directory.install(verdict.kind() == Verdict.Kind.DIVERGED);
    }

    private void complete(Path incoming)
            throws DatabaseException, IOException, InterruptedException {
        Path signal = incoming.resolve("standby.signal");
        Files.createFile(signal);
        directory.own(signal);
        server.syncToDisk(incoming);
    }
}
