package io.understudy.cli.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Inserts increasing numbers, one at a time, and remembers each acknowledgement: what an
 * application that must lose nothing would see of a failover.
 */
final class IncreasingWrites {

    private static final Duration NOTABLE = Duration.ofMillis(200);
    private static final long RETRY_MILLIS = 20;

    private final DatabaseClient client;
    private final Writer log;
    private final Duration pause;
    private final PrintStream out;
    private final Set<Long> acknowledged = new HashSet<>();
    private Connection connection;
    private long next;
    private long lastAcknowledged;
    private long longestGap;
    private long longestGapBegan;

    /**
     * @param log gets a line "NUMBER NANOS" for each acknowledgement, on this host's monotonic
     *     clock
     * @param pause between two writes
     * @param out gets a line for each gap of {@link #NOTABLE} or more
     */
    IncreasingWrites(DatabaseClient client, Writer log, Duration pause, PrintStream out) {
        this.client = client;
        this.log = log;
        this.pause = pause;
        this.out = out;
    }

    /**
     * What came of it.
     *
     * @param acknowledged how many writes were acknowledged
     * @param missing how many of them the database does not hold: must be 0
     * @param unknownKept how many writes without acknowledgement the database holds: any is right
     * @param longestGap the longest time between two acknowledgements
     * @param longestGapBeganNanos when it began, on this host's monotonic clock
     */
    record Outcome(
            int acknowledged,
            int missing,
            int unknownKept,
            Duration longestGap,
            long longestGapBeganNanos) {}

    /** Writes for {@code duration}, whatever happens. */
    void run(Duration duration) throws IOException, InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        lastAcknowledged = System.nanoTime();
        while (System.nanoTime() - end < 0) {
            try {
                write();
                Thread.sleep(pause.toMillis());
            } catch (SQLException unavailable) {
                disconnect();
                Thread.sleep(RETRY_MILLIS);
            }
        }
        gapUntil(System.nanoTime());
    }

    private void write() throws SQLException, IOException {
        if (connection == null) {
            connection = client.open();
            try (Statement create = connection.createStatement()) {
                create.execute("create table if not exists writes (id bigint primary key)");
                if (acknowledged.isEmpty()) {
                    next = Math.max(next, highest(create));
                }
            }
        }
        // Raised before the write: one whose outcome is unknown must not be tried under its number.
        long id = ++next;
        try (PreparedStatement insert =
                connection.prepareStatement("insert into writes (id) values (?)")) {
            insert.setLong(1, id);
            insert.executeUpdate();
        }
        long now = System.nanoTime();
        acknowledged.add(id);
        log.write(id + " " + now + "\n");
        log.flush();
        gapUntil(now);
        lastAcknowledged = now;
    }

    private static long highest(Statement query) throws SQLException {
        try (ResultSet row = query.executeQuery("select coalesce(max(id), 0) from writes")) {
            row.next();
            return row.getLong(1);
        }
    }

    private void gapUntil(long now) {
        long gap = now - lastAcknowledged;
        if (gap > longestGap) {
            longestGap = gap;
            longestGapBegan = lastAcknowledged;
        }
        if (gap >= NOTABLE.toNanos()) {
            out.println(
                    String.format(
                            Locale.ROOT,
                            "no acknowledgement for %d ms (after %d writes)",
                            TimeUnit.NANOSECONDS.toMillis(gap),
                            acknowledged.size()));
            out.flush();
        }
    }

    /**
     * Compares what was acknowledged with what the database holds.
     *
     * @param limit how long to wait for a database that answers
     * @throws IOException if none does
     */
    Outcome verify(Duration limit) throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            try {
                return compare();
            } catch (SQLException e) {
                disconnect();
                if (System.nanoTime() - end > 0) {
                    throw new IOException("no database answers: " + e.getMessage(), e);
                }
                Thread.sleep(RETRY_MILLIS);
            }
        }
    }

    private Outcome compare() throws SQLException {
        if (connection == null) {
            connection = client.open();
        }
        Set<Long> held = new HashSet<>();
        try (Statement query = connection.createStatement();
                ResultSet rows = query.executeQuery("select id from writes")) {
            while (rows.next()) {
                held.add(rows.getLong(1));
            }
        }
        disconnect();
        Set<Long> missing = new HashSet<>(acknowledged);
        missing.removeAll(held);
        long first = acknowledged.stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
        int unknown =
                (int) held.stream().filter(id -> id >= first && !acknowledged.contains(id)).count();
        return new Outcome(
                acknowledged.size(),
                missing.size(),
                unknown,
                Duration.ofNanos(longestGap),
                longestGapBegan);
    }

    private void disconnect() {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            System.getLogger(IncreasingWrites.class.getName())
                    .log(System.Logger.Level.DEBUG, "closing a broken connection", e);
        } finally {
            connection = null;
        }
    }
}
