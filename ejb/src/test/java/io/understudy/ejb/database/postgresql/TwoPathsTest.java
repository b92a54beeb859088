package io.understudy.ejb.database.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.database.ReplicationMode;
import io.understudy.core.lease.Epoch;
import io.understudy.ejb.Wait;
import io.understudy.ejb.database.Progress;
import io.understudy.ejb.database.Upstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A standby that streams by one network, and by the other when that is lost. */
class TwoPathsTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Epoch EPOCH = new Epoch(2);
    private static final int PORT = 25452;

    /** On which nobody listens. */
    private static final String NOWHERE = "127.83.0.99";

    @TempDir(factory = QuickDirectory.class)
    Path directory;

    private static Upstream at(Pair.Side side, String... hosts) {
        return new Upstream(side.member.name(), List.of(hosts), PORT);
    }

    private static String streamsFrom(Pair.Side standby) throws SQLException {
        try (Sessions own = Sessions.own(standby.place)) {
            return own.run(
                    Duration.ofSeconds(2),
                    connection ->
                            Queries.text(
                                            connection,
                                            "SELECT sender_host FROM pg_stat_wal_receiver"
                                                    + " WHERE status = 'streaming'")
                                    .orElse(""));
        }
    }

    @Test
    void theStreamMovesAndNobodyIsLetGo() throws Exception {
        PostgresBinaries binaries = PostgresBinaries.unpacked(directory);
        directory.toFile().setExecutable(true, false);
        try (Pair pair = new Pair(directory, binaries, PORT)) {
            Pair.Side alpha = pair.alpha;
            Pair.Side beta = pair.beta;
            String main = alpha.member.address();
            String direct = Pair.direct(alpha.member);
            alpha.engine.primary(EPOCH, ReplicationMode.ASYNCHRONOUS, true, LIMIT);
            beta.engine.standby(EPOCH, at(alpha, direct, main), LIMIT, Progress.ignored());
            assertEquals(direct, streamsFrom(beta));
            String clients = Files.readString(alpha.root().resolve("settings/pg_hba.conf"));
            for (String from : List.of(beta.member.address(), Pair.direct(beta.member))) {
                assertTrue(clients.contains("replicator " + from + "/32 scram"), clients);
            }
            alpha.engine.replicate(EPOCH, ReplicationMode.SYNCHRONOUS, LIMIT);
            alpha.execute("CREATE TABLE t (id int)");

            beta.engine.pathsChanged(at(alpha, main, direct), Optional.of(direct));
            alpha.engine.pathsChanged(
                    at(beta, beta.member.address()), Optional.of(Pair.direct(beta.member)));
            long began = System.nanoTime();
            alpha.execute("INSERT INTO t VALUES (1)");
            long millis = (System.nanoTime() - began) / 1_000_000;
            assertTrue(millis < 3000, "a commit waited for " + millis + " ms");
            Wait.until("by the other", LIMIT, () -> streamsFrom(beta).equals(main));
            assertTrue(alpha.engine.observe().standbyAttached());
            assertEquals(ReplicationMode.SYNCHRONOUS, alpha.engine.observe().replication());

            beta.engine.pathsChanged(at(alpha, direct, main), Optional.empty());
            Wait.until("back again", LIMIT, () -> streamsFrom(beta).equals(direct));
            alpha.execute("INSERT INTO t VALUES (2)");
            assertEquals("2", beta.ask("SELECT count(*) FROM t"));
        }
    }

    @Test
    void anAddressWhereNobodyListensIsPassedOver() throws Exception {
        PostgresBinaries binaries = PostgresBinaries.unpacked(directory);
        directory.toFile().setExecutable(true, false);
        try (Pair pair = new Pair(directory, binaries, PORT)) {
            Pair.Side alpha = pair.alpha;
            Pair.Side beta = pair.beta;
            String main = alpha.member.address();
            alpha.engine.primary(EPOCH, ReplicationMode.ASYNCHRONOUS, true, LIMIT);
            beta.engine.standby(EPOCH, at(alpha, NOWHERE, main), LIMIT, Progress.ignored());
            assertEquals(main, streamsFrom(beta));
        }
    }
}
