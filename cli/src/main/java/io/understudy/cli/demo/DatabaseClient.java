package io.understudy.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** Opens connections to the primary, wherever it is, as an application would. */
final class DatabaseClient {

    private final String url;
    private final String user;
    private final Path passwordFile;

    DatabaseClient(String url, String user, Path passwordFile) {
        this.url = url;
        this.user = user;
        this.passwordFile = passwordFile;
    }

    /** Opens a connection that commits every statement. */
    Connection open() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        try {
            properties.setProperty("password", Files.readString(passwordFile).strip());
        } catch (IOException e) {
            throw new SQLException("the password file " + passwordFile + " cannot be read", e);
        }
        return DriverManager.getConnection(url, properties);
    }
}
