package io.understudy.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The ways of docs/clients.md with the real clients: libpq's psql, and JDBC through HAProxy. */
@Tag("system")
@Order(8)
@ExtendWith(ClusterExtension.class)
class ClientsIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Path EXAMPLE = Path.of("config/haproxy/understudy.cfg");
    private static final int DOOR = 24099;
    private static final AtomicLong NUMBERS = new AtomicLong();

    /** One way to insert a number; returns when it was acknowledged. */
    private interface Way extends AutoCloseable {
        void insert(long number) throws IOException, SQLException, InterruptedException;

        @Override
        void close();
    }

    /** Inserts numbers all the time and notes when each was acknowledged. */
    private static final class Client implements AutoCloseable {
        private final Way way;
        private final Thread thread = new Thread(this::run, "client");
        private final List<Long> numbers = new ArrayList<>();
        private final List<Long> times = new ArrayList<>();
        private volatile boolean stopping;
        private volatile String lastRefusal = "none";

        Client(Way way) {
            this.way = way;
            thread.setDaemon(true);
            thread.start();
            awaitMore(5);
        }

        private void run() {
            try (way) {
                while (!stopping) {
                    long number = NUMBERS.incrementAndGet();
                    try {
                        way.insert(number);
                        acknowledged(number);
                    } catch (IOException | SQLException unavailable) {
                        lastRefusal = unavailable.getMessage();
                    }
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private synchronized void acknowledged(long number) {
            numbers.add(number);
            times.add(System.nanoTime());
        }

        private synchronized int count() {
            return numbers.size();
        }

        void awaitMore(int more) {
            int before = count();
            Await.until(
                    "the client's writes go on",
                    LIMIT,
                    () -> lastRefusal,
                    () -> count() >= before + more);
        }

        synchronized Duration longestPause() {
            long longest = 0;
            for (int i = 1; i < times.size(); i++) {
                longest = Math.max(longest, times.get(i) - times.get(i - 1));
            }
            return Duration.ofNanos(longest);
        }

        synchronized List<Long> acknowledged() {
            return List.copyOf(numbers);
        }

        @Override
        public void close() {
            stopping = true;
            try {
                thread.join(LIMIT.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            assertTrue(!thread.isAlive(), "the client does not end");
        }
    }

    @Test
    void libpqWithBothHostsFollows(Cluster cluster) throws Exception {
        Assumptions.assumeTrue(
                new ProcessBuilder("/bin/sh", "-c", "command -v psql").start().waitFor() == 0,
                "skipped: no psql (Debian: postgresql-client)");
        follows(cluster, "libpq", new Psql(cluster.layout()));
    }

    /** A new connection for each number: it is the finding of the node that is tested. */
    private record Psql(Layout layout) implements Way {
        @Override
        public void insert(long number) throws IOException, InterruptedException {
            String port = layout.jdbcUrl(Layout.ALPHA).replaceAll(".*:([0-9]+)/.*", "$1");
            ProcessBuilder psql =
                    new ProcessBuilder(
                                    "psql",
                                    "-X",
                                    "-q",
                                    "-d",
                                    "host=%s,%s port=%s,%s dbname=%s user=%s"
                                                    .formatted(
                                                            layout.address(Layout.ALPHA),
                                                            layout.address(Layout.BETA),
                                                            port,
                                                            port,
                                                            Layout.INSTANCE,
                                                            Layout.INSTANCE)
                                            + " target_session_attrs=read-write"
                                            + " connect_timeout=2",
                                    "-c",
                                    "insert into clients values (" + number + ")")
                            .redirectErrorStream(true);
            psql.environment()
                    .put(
                            "PGPASSWORD",
                            Files.readString(layout.databasePassword(Layout.ALPHA)).strip());
            Process process = psql.start();
            String said = new String(process.getInputStream().readAllBytes()).strip();
            if (process.waitFor() != 0) {
                throw new IOException(said);
            }
        }

        @Override
        public void close() {
            // Holds nothing between two numbers.
        }
    }

    @Test
    void jdbcThroughHaproxyFollows(Cluster cluster) throws Exception {
        Assumptions.assumeTrue(
                new ProcessBuilder("/bin/sh", "-c", "command -v haproxy").start().waitFor() == 0,
                "skipped: no haproxy (Debian: haproxy)");
        Layout layout = cluster.layout();
        String door = layout.network() + ".201";
        Path file = layout.directory().resolve("haproxy.cfg");
        Files.writeString(file, configuration(cluster, door));
        Process haproxy =
                new ProcessBuilder("haproxy", "-db", "-f", file.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(layout.directory().resolve("haproxy.log").toFile())
                        .start();
        try {
            follows(cluster, "HAProxy", new Jdbc(layout, door));
        } finally {
            haproxy.destroy();
            assertTrue(haproxy.waitFor(10, TimeUnit.SECONDS), "HAProxy does not end");
        }
    }

    /** The example as it is shipped, with the test's names, addresses and ports. */
    private static String configuration(Cluster cluster, String door) throws IOException {
        Layout layout = cluster.layout();
        Path root = cluster.distribution().home().getParent().getParent();
        String text = Files.readString(root.resolve(EXAMPLE));
        String database = layout.jdbcUrl(Layout.ALPHA).replaceAll(".*:([0-9]+)/.*", "$1");
        String http = layout.url(Layout.ALPHA).replaceAll(".*:", "");
        String made =
                text.replace("bind :5432", "bind " + door + ":" + DOOR)
                        .replace("instances/nms/", "instances/" + Layout.INSTANCE + "/")
                        .replace("10.77.0.1:5433", layout.address(Layout.ALPHA) + ":" + database)
                        .replace("10.77.0.2:5433", layout.address(Layout.BETA) + ":" + database)
                        .replace("port 8080", "port " + http);
        assertEquals(List.of(), made.lines().filter(l -> l.contains("10.77.")).toList());
        return made;
    }

    /** Keeps its connection until it breaks, as an application does. */
    private static final class Jdbc implements Way {
        private final Layout layout;
        private final String door;
        private Connection connection;

        Jdbc(Layout layout, String door) {
            this.layout = layout;
            this.door = door;
        }

        @Override
        public void insert(long number) throws SQLException {
            try {
                if (connection == null) {
                    connection = IncreasingWriter.open(url(), layout, Layout.ALPHA);
                }
                try (PreparedStatement insert =
                        connection.prepareStatement("insert into clients values (?)")) {
                    insert.setLong(1, number);
                    insert.executeUpdate();
                }
            } catch (SQLException broken) {
                close();
                throw broken;
            }
        }

        private String url() {
            return "jdbc:postgresql://" + door + ":" + DOOR + "/" + Layout.INSTANCE;
        }

        @Override
        public void close() {
            Connection old = connection;
            connection = null;
            if (old != null) {
                try {
                    old.close();
                } catch (SQLException alreadyGone) {
                    return;
                }
            }
        }
    }

    private static void follows(Cluster cluster, String name, Way way) throws Exception {
        cluster.bringHome();
        Layout layout = cluster.layout();
        try (Connection owner = IncreasingWriter.open(layout.jdbcUrl(), layout, Layout.ALPHA);
                Statement create = owner.createStatement()) {
            create.execute("create table if not exists clients (number bigint)");
        }
        Client client = new Client(way);
        try (client) {
            cluster.act("switchover");
            client.awaitMore(20);
            Duration planned = client.longestPause();
            cluster.awaitWhole(Layout.BETA);
            cluster.act("fallback");
            cluster.awaitNormal();
            client.awaitMore(20);
            Host.signal("KILL", cluster.server(Layout.ALPHA), cluster.postgres(Layout.ALPHA));
            client.awaitMore(20);
            System.out.println(
                    name
                            + ": switchover "
                            + planned.toMillis()
                            + " ms without an acknowledgement, with kill -9 at most "
                            + client.longestPause().toMillis()
                            + " ms");
            cluster.awaitWhole(Layout.BETA);
        }
        Set<Long> lost = new TreeSet<>(client.acknowledged());
        try (Connection owner = IncreasingWriter.open(layout.jdbcUrl(), layout, Layout.ALPHA);
                Statement query = owner.createStatement();
                ResultSet rows = query.executeQuery("select number from clients")) {
            while (rows.next()) {
                lost.remove(rows.getLong(1));
            }
        }
        assertEquals(Set.of(), lost, "acknowledged and lost");
        cluster.bringHome();
    }
}
