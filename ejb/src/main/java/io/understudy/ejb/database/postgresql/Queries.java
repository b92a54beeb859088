package io.understudy.ejb.database.postgresql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** Short questions to a server. */
final class Queries {

    private Queries() {}

    /** Returns the first column of the first row, as text; empty if there is none or it is null. */
    static Optional<String> text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
        }
    }

    static Optional<LogPosition> position(Connection connection, String sql) throws SQLException {
        return text(connection, sql).map(LogPosition::parse);
    }

    static boolean truth(Connection connection, String sql) throws SQLException {
        return text(connection, sql).filter("t"::equals).isPresent();
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
