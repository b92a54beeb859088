package io.understudy.ejb.database.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.database.ReplicationMode;
import io.understudy.core.lease.Epoch;
import io.understudy.ejb.Wait;
import io.understudy.ejb.database.Progress;
import io.understudy.ejb.database.StopMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pair taken apart: both copies go their own way, with every row. */
class LeftBehindTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int PORT = 25442;
    private static final int OWN_PORT = 25443;

    @TempDir(factory = QuickDirectory.class)
    Path directory;

    @Test
    void bothCopiesGoTheirOwnWay() throws Exception {
        PostgresBinaries binaries = PostgresBinaries.unpacked(directory);
        directory.toFile().setExecutable(true, false);
        try (Pair pair = new Pair(directory, binaries, PORT)) {
            Pair.Side alpha = pair.alpha;
            Pair.Side beta = pair.beta;
            Epoch epoch = new Epoch(2);
            alpha.engine.primary(epoch, ReplicationMode.ASYNCHRONOUS, true, LIMIT);
            beta.engine.standby(epoch, alpha.asUpstream(), LIMIT, Progress.ignored());
            alpha.engine.replicate(epoch, ReplicationMode.SYNCHRONOUS, LIMIT);
            alpha.execute("CREATE TABLE t (id int)");
            alpha.execute("INSERT INTO t VALUES (1)");

            alpha.partner = Optional.empty();
            alpha.engine.partnerChanged();
            assertTrue(hba(alpha).contains("replicator"), "relaxed before it was on record");
            alpha.engine.replicate(epoch, ReplicationMode.ASYNCHRONOUS, LIMIT);
            assertFalse(hba(alpha).contains("replicator"));
            alpha.execute("INSERT INTO t VALUES (2)");
            Wait.until(
                    "no log kept for beta",
                    LIMIT,
                    () -> alpha.ask("SELECT count(*) FROM pg_replication_slots").equals("0"));

            beta.engine.stop(epoch, StopMode.ORDERLY, LIMIT);
            beta.engine.close();
            beta.engine.leaveBehind();
            Path aside = beta.root().resolveSibling("aside");
            Files.move(beta.root(), aside);
            startsByItself(aside, beta.member.address());

            alpha.partner = Optional.of(beta.member);
            alpha.engine.partnerChanged();
            assertTrue(hba(alpha).contains("replicator"));
            assertEquals(
                    "understudy_beta", alpha.ask("SELECT slot_name FROM pg_replication_slots"));
        }
    }

    private static String hba(Pair.Side side) throws Exception {
        return Files.readString(side.root().resolve("settings/pg_hba.conf"));
    }

    private static void startsByItself(Path copy, String host) throws Exception {
        Process script =
                new ProcessBuilder("./start-by-hand.sh", Integer.toString(OWN_PORT))
                        .directory(copy.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(copy.resolve("start.log").toFile())
                        .start();
        try {
            Wait.until("writable copy", LIMIT, () -> writes(copy, host));
        } finally {
            script.destroy();
            assertTrue(script.waitFor(10, TimeUnit.SECONDS), "the script ends with its server");
        }
    }

    private static boolean writes(Path copy, String host) {
        Properties properties = new Properties();
        properties.setProperty("user", Pair.NAME);
        properties.setProperty("sslmode", "disable");
        properties.setProperty("connectTimeout", "1");
        try {
            properties.setProperty("password", Files.readString(copy.resolve("password")).strip());
            try (Connection connection =
                    new org.postgresql.Driver()
                            .connect(
                                    "jdbc:postgresql://" + host + ":" + OWN_PORT + "/" + Pair.NAME,
                                    properties)) {
                Queries.execute(connection, "INSERT INTO t VALUES (3)");
                return Queries.text(connection, "SELECT min(id) FROM t")
                        .filter("1"::equals)
                        .isPresent();
            }
        } catch (SQLException | java.io.IOException notYet) {
            return false;
        }
    }
}
