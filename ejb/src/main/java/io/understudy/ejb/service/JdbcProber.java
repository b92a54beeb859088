package io.understudy.ejb.service;

import io.understudy.core.config.Probe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asks databases through JDBC. Drivers can hang longer than they are told, so queries run on a few
 * threads of their own, named {@code understudy-jdbc-N} and ended with this object: what hangs
 * there costs one of them, and never a worker. Passwords are read from their file for each
 * connection and appear in no message.
 */
public final class JdbcProber implements AutoCloseable {

    private static final int THREADS = 8;

    private static final Map<String, String> DRIVERS =
            Map.of(
                    "postgresql", "org.postgresql.Driver",
                    "h2", "org.h2.Driver",
                    "mariadb", "org.mariadb.jdbc.Driver",
                    "mysql", "com.mysql.cj.jdbc.Driver");

    private final ThreadPoolExecutor threads;

    /** Starts nothing yet. */
    public JdbcProber() {
        AtomicInteger count = new AtomicInteger();
        threads =
                new ThreadPoolExecutor(
                        0,
                        THREADS,
                        30,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        task -> {
                            Thread thread =
                                    new Thread(task, "understudy-jdbc-" + count.incrementAndGet());
                            thread.setDaemon(true);
                            return thread;
                        });
    }

    /** Connects, asks and disconnects; answers within about {@code limit}. */
    ProbeResult ask(Probe.Jdbc probe, Duration limit) throws InterruptedException {
        Future<ProbeResult> answer;
        try {
            answer = threads.submit(() -> query(probe, limit));
        } catch (RejectedExecutionException full) {
            return ProbeResult.bad(
                    "JDBC probe of " + probe.url() + ": " + THREADS + " earlier queries hang");
        }
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            return ProbeResult.bad(
                    "JDBC probe of " + probe.url() + ": no answer in " + limit.toMillis() + " ms");
        } catch (ExecutionException e) {
            return ProbeResult.bad("JDBC probe of " + probe.url() + ": " + e.getCause());
        }
    }

    private static ProbeResult query(Probe.Jdbc probe, Duration limit) {
        try (Connection connection = connect(probe, limit);
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(seconds(limit));
            statement.execute(probe.query());
            return ProbeResult.GOOD;
        } catch (SQLException e) {
            return ProbeResult.bad(
                    "JDBC probe of " + probe.url() + " failed: " + firstLine(e.getMessage()));
        } catch (IOException e) {
            return ProbeResult.bad(
                    "JDBC probe of "
                            + probe.url()
                            + ": its password file cannot be read ("
                            + e
                            + ")");
        }
    }

    private static Connection connect(Probe.Jdbc probe, Duration limit)
            throws SQLException, IOException {
        Properties properties = new Properties();
        probe.user().ifPresent(user -> properties.setProperty("user", user));
        if (probe.passwordFile().isPresent()) {
            List<String> lines = Files.readAllLines(Path.of(probe.passwordFile().get()));
            properties.setProperty("password", lines.isEmpty() ? "" : lines.get(0));
        }
        String kind = probe.url().split(":")[1];
        if (kind.equals("postgresql")) {
            String most = Integer.toString(seconds(limit));
            properties.setProperty("connectTimeout", most);
            properties.setProperty("loginTimeout", most);
            properties.setProperty("socketTimeout", most);
            properties.setProperty("ApplicationName", "understudy probe");
        }
        Connection connection = driver(kind).connect(probe.url(), properties);
        if (connection == null) {
            throw new SQLException("the driver does not know this form of URL");
        }
        return connection;
    }

    private static Driver driver(String kind) throws SQLException {
        String name = DRIVERS.get(kind);
        if (name == null) {
            throw new SQLException(
                    "there is no driver for '"
                            + kind
                            + "', only for "
                            + DRIVERS.keySet().stream().sorted().toList());
        }
        try {
            return (Driver) Class.forName(name).getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new SQLException(
                    "the driver " + name + " is not in this application; use a command as probe",
                    e);
        }
    }

    private static int seconds(Duration limit) {
        return (int) Math.max(1, limit.plusMillis(999).toSeconds());
    }

    private static String firstLine(String message) {
        return message == null ? "no reason given" : message.lines().findFirst().orElse("");
    }

    /** Ends the threads; a query that hangs ends with its connection. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
