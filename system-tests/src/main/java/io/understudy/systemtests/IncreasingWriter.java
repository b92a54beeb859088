package io.understudy.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Inserts increasing numbers, one at a time, as an application that must lose nothing: it knows
 * both nodes, waits for each acknowledgement and notes when it came. A number whose outcome is
 * unknown is never tried again.
 */
public final class IncreasingWriter implements AutoCloseable {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** One acknowledgement: the number, and when it came on this host's monotonic clock. */
    public record Acknowledgement(long id, long nanos) {}

    /** How to reach the database that serves, wherever that is now. */
    @FunctionalInterface
    public interface Connector {

        /** Opens a connection. */
        Connection open() throws SQLException;
    }

    private final Connector database;
    private final AtomicLong next;
    private final List<Acknowledgement> acknowledged = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "writer");
    private volatile boolean stopping;
    private volatile String lastRefusal = "";
    private Connection connection;

    /**
     * @param database is asked again after each failure
     * @param next gives each number once in the life of the cluster
     */
    public IncreasingWriter(Connector database, AtomicLong next) {
        this.database = database;
        this.next = next;
    }

    /** Returns how applications reach the database of a cluster. */
    static Connector serving(Layout layout) {
        return () -> open(layout.jdbcUrl(), layout, Layout.ALPHA);
    }

    /** Begins to write, from the host that the calling thread is on. */
    public void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns what was acknowledged so far, in order. */
    public List<Acknowledgement> acknowledged() {
        synchronized (acknowledged) {
            return List.copyOf(acknowledged);
        }
    }

    /** Returns how many writes were acknowledged after {@code nanos}. */
    public long acknowledgedSince(long nanos) {
        synchronized (acknowledged) {
            long count = 0;
            for (int i = acknowledged.size() - 1; i >= 0; i--) {
                if (acknowledged.get(i).nanos() - nanos <= 0) {
                    break;
                }
                count++;
            }
            return count;
        }
    }

    /** Returns why the last write was refused. */
    public String lastRefusal() {
        return lastRefusal;
    }

    /**
     * A time without acknowledgements.
     *
     * @param length how long
     * @param endedNanos when it ended, on this host's monotonic clock
     */
    public record Gap(Duration length, long endedNanos) {}

    /**
     * Returns the longest time between two acknowledgements that touches the window; the time since
     * the last one counts too.
     */
    public Gap longestGap(long fromNanos, long untilNanos) {
        List<Acknowledgement> all = acknowledged();
        Gap longest = new Gap(Duration.ZERO, fromNanos);
        for (int i = 0; i < all.size(); i++) {
            long began = all.get(i).nanos();
            long ended = i + 1 < all.size() ? all.get(i + 1).nanos() : untilNanos;
            boolean touches = ended - fromNanos > 0 && began - untilNanos < 0;
            if (touches && ended - began > longest.length().toNanos()) {
                longest = new Gap(Duration.ofNanos(ended - began), ended);
            }
        }
        return longest;
    }

    private void run() {
        while (!stopping) {
            try {
                write();
                LockSupport.parkNanos(PAUSE_NANOS);
            } catch (SQLException unavailable) {
                lastRefusal = unavailable.getMessage();
                disconnect();
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
        disconnect();
    }

    private void write() throws SQLException {
        if (connection == null) {
            connection = database.open();
            try (Statement create = connection.createStatement()) {
                create.execute("create table if not exists writes (id bigint not null)");
            }
        }
        long id = next.incrementAndGet();
        try (PreparedStatement insert =
                connection.prepareStatement("insert into writes (id) values (?)")) {
            insert.setLong(1, id);
            insert.executeUpdate();
        }
        long now = System.nanoTime();
        synchronized (acknowledged) {
            acknowledged.add(new Acknowledgement(id, now));
        }
    }

    /** Opens a connection with short limits; the password is the same on every node. */
    static Connection open(String url, Layout layout, String node) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", Layout.INSTANCE);
        properties.setProperty("connectTimeout", "1");
        properties.setProperty("socketTimeout", "5");
        properties.setProperty("ApplicationName", "system-test");
        try {
            properties.setProperty(
                    "password", Files.readString(layout.databasePassword(node)).strip());
        } catch (IOException e) {
            throw new SQLException("no password file yet: " + e.getMessage(), e);
        }
        return DriverManager.getConnection(url, properties);
    }

    private void disconnect() {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException broken) {
            lastRefusal = broken.getMessage();
        } finally {
            connection = null;
        }
    }

    /** Returns how often the serving database holds each number. */
    public static Map<Long, Integer> held(Connector database) throws SQLException {
        Map<Long, Integer> held = new HashMap<>();
        try (Connection reader = database.open();
                Statement query = reader.createStatement();
                ResultSet rows =
                        query.executeQuery("select id, count(*) from writes group by id")) {
            while (rows.next()) {
                held.put(rows.getLong(1), rows.getInt(2));
            }
        }
        return held;
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(15));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new IllegalStateException("the writer does not end");
        }
    }
}
