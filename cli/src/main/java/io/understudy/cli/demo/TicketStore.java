package io.understudy.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** The tickets in the database, over one connection that is opened again when it breaks. */
final class TicketStore {

    private final String url;
    private final String user;
    private final Path passwordFile;
    private Connection connection;

    TicketStore(String url, String user, Path passwordFile) {
        this.url = url;
        this.user = user;
        this.passwordFile = passwordFile;
    }

    /** Returns the number of a new ticket; on return it is committed. */
    synchronized long add(String text) throws SQLException {
        try (PreparedStatement insert =
                connected()
                        .prepareStatement("insert into tickets (text) values (?) returning id")) {
            insert.setString(1, text);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        } catch (SQLException e) {
            disconnect();
            throw e;
        }
    }

    /** Returns how many tickets there are and the numbers of the last five, as JSON. */
    synchronized String summary() throws SQLException {
        try (Statement query = connected().createStatement()) {
            long count;
            try (ResultSet row = query.executeQuery("select count(*) from tickets")) {
                row.next();
                count = row.getLong(1);
            }
            List<Long> last = new ArrayList<>();
            try (ResultSet rows =
                    query.executeQuery("select id from tickets order by id desc limit 5")) {
                while (rows.next()) {
                    last.add(rows.getLong(1));
                }
            }
            return "{\"count\":" + count + ",\"last\":" + last + "}";
        } catch (SQLException e) {
            disconnect();
            throw e;
        }
    }

    private Connection connected() throws SQLException {
        if (connection == null) {
            Properties properties = new Properties();
            properties.setProperty("user", user);
            properties.setProperty("password", password());
            properties.setProperty("connectTimeout", "2");
            properties.setProperty("socketTimeout", "10");
            properties.setProperty("ApplicationName", "ticket-desk");
            connection = DriverManager.getConnection(url, properties);
            try (Statement create = connection.createStatement()) {
                create.execute(
                        "create table if not exists tickets (id bigint generated always as identity"
                                + " primary key, text text not null, at timestamptz not null"
                                + " default now())");
            }
        }
        return connection;
    }

    private String password() throws SQLException {
        try {
            return Files.readString(passwordFile).strip();
        } catch (IOException e) {
            throw new SQLException("the password file " + passwordFile + " cannot be read", e);
        }
    }

    private void disconnect() {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            System.getLogger(TicketStore.class.getName())
                    .log(System.Logger.Level.DEBUG, "closing a broken connection", e);
        } finally {
            connection = null;
        }
    }
}
