package io.understudy.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * An instance's database as an application sees it that knows both nodes.
 *
 * @param instance names the database and its owner
 * @param hosts addresses of its two nodes
 * @param password the file with the owner's password
 */
public record ShapeDatabase(String instance, List<String> hosts, int port, Path password) {

    /**
     * Writes rows one by one, each acknowledged on its own; waits for the database to be there.
     *
     * @return how many rows the table holds then
     */
    public long write(int rows) {
        AtomicReference<Exception> last = new AtomicReference<>();
        return Await.value(
                "the database of " + instance + " takes rows; " + last,
                Shape.SETTLE,
                () -> {
                    try (Connection connection = open();
                            Statement statement = connection.createStatement()) {
                        statement.execute(
                                "create table if not exists writes (id bigserial, run bigint)");
                        // Nothing was acknowledged yet: from here on a failure is a failure.
                        return java.util.Optional.of(insert(statement, rows));
                    } catch (SQLException | IOException notYet) {
                        last.set(notYet);
                        Await.pass(Duration.ofMillis(100));
                        return java.util.Optional.empty();
                    }
                });
    }

    private static long insert(Statement statement, int rows) {
        try {
            for (int i = 0; i < rows; i++) {
                statement.executeUpdate("insert into writes (run) values (" + i + ")");
            }
            return count(statement);
        } catch (SQLException e) {
            throw new AssertionError("a write failed while nothing did", e);
        }
    }

    /** Returns how many rows the serving database holds. */
    public long count() throws SQLException, IOException {
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            return count(statement);
        }
    }

    private static long count(Statement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery("select count(*) from writes")) {
            result.next();
            return result.getLong(1);
        }
    }

    private Connection open() throws SQLException, IOException {
        String all = hosts.stream().map(h -> h + ":" + port).collect(Collectors.joining(","));
        Properties properties = new Properties();
        properties.setProperty("user", instance);
        properties.setProperty("password", Files.readString(password).strip());
        properties.setProperty("connectTimeout", "1");
        properties.setProperty("socketTimeout", "10");
        return DriverManager.getConnection(
                "jdbc:postgresql://"
                        + all
                        + "/"
                        + instance
                        + "?targetServerType=primary&hostRecheckSeconds=0",
                properties);
    }
}
