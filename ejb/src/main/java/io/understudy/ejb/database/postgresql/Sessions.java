package io.understudy.ejb.database.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Properties;

/**
 * Connections to one PostgreSQL server under one role, a few kept open. Every wait on the network
 * has a limit: a server that is stopped by SIGSTOP accepts connections and answers nothing.
 */
final class Sessions implements AutoCloseable {

    private static final int KEPT = 2;

    private final List<String> hosts;
    private final int port;
    private final String database;
    private final String user;
    private final String password;
    private final boolean replication;
    private final Deque<Connection> idle = new ArrayDeque<>();
    private long generation;

    private Sessions(
            List<String> hosts,
            int port,
            String database,
            String user,
            String password,
            boolean repl) {
        this.hosts = hosts;
        this.port = port;
        this.database = database;
        this.user = user;
        this.password = password;
        this.replication = repl;
    }

    /** This node's own copy, as superuser. */
    static Sessions own(PostgresPlace place) {
        return new Sessions(
                List.of(place.host()),
                place.port(),
                "postgres",
                PostgresPlace.SUPERUSER,
                place.passwordFor().apply("superuser"),
                false);
    }

    /** The other node's copy, as replicator; understands replication commands as well as SQL. */
    static Sessions other(PostgresPlace place, List<String> hosts, int port) {
        return new Sessions(
                hosts,
                port,
                "postgres",
                PostgresPlace.REPLICATOR,
                place.passwordFor().apply("replication"),
                true);
    }

    /** What is done with a connection. */
    interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    /**
     * Does {@code work} on a kept or new connection; after a failure the connection is closed.
     *
     * @param limit for connecting, and again for each answer of the server
     */
    <T> T run(Duration limit, Work<T> work) throws SQLException {
        Connection connection;
        long begun;
        synchronized (idle) {
            connection = idle.poll();
            begun = generation;
        }
        if (connection == null) {
            connection = open(limit);
        }
        boolean good = false;
        try {
            connection.setNetworkTimeout(Runnable::run, (int) Math.max(50, limit.toMillis()));
            T result = work.with(connection);
            good = true;
            return result;
        } finally {
            release(connection, good, begun);
        }
    }

    /**
     * Opens a connection that is not kept; the caller closes it.
     *
     * @param limit for each address of the server; the first that answers is taken
     */
    Connection open(Duration limit) throws SQLException {
        SQLException trouble = null;
        for (String host : hosts) {
            try {
                return open(host, limit);
            } catch (SQLException e) {
                if (trouble == null) {
                    trouble = e;
                } else {
                    trouble.addSuppressed(e);
                }
            }
        }
        throw trouble;
    }

    private Connection open(String host, Duration limit) throws SQLException {
        String seconds = Long.toString(Math.max(1, (limit.toMillis() + 999) / 1000));
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("ApplicationName", "understudy");
        properties.setProperty("connectTimeout", seconds);
        properties.setProperty("loginTimeout", seconds);
        properties.setProperty("socketTimeout", seconds);
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
        if (replication) {
            properties.setProperty("replication", "database");
            properties.setProperty("preferQueryMode", "simple");
            properties.setProperty("assumeMinServerVersion", "15");
        } else {
            // Our own small writes must not wait for a standby that may be gone.
            properties.setProperty("options", "-c synchronous_commit=local");
        }
        // Not through DriverManager, which only knows drivers of certain class loaders.
        Connection connection =
                new org.postgresql.Driver()
                        .connect(
                                "jdbc:postgresql://"
                                        + bracketed(host)
                                        + ":"
                                        + port
                                        + "/"
                                        + database,
                                properties);
        if (connection == null) {
            throw new SQLException("the PostgreSQL driver does not know its own address form");
        }
        return connection;
    }

    /** Closes what is kept; connections in use are closed when they are given back. */
    @Override
    public void close() {
        synchronized (idle) {
            generation++;
            idle.forEach(Sessions::quietly);
            idle.clear();
        }
    }

    private void release(Connection connection, boolean good, long begun) {
        synchronized (idle) {
            if (good && begun == generation && idle.size() < KEPT) {
                idle.push(connection);
                return;
            }
        }
        quietly(connection);
    }

    private static String bracketed(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    static void quietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            System.getLogger(Sessions.class.getName())
                    .log(System.Logger.Level.DEBUG, "closing a connection", e);
        }
    }
}
