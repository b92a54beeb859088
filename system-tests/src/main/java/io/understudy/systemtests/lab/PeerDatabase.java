package io.understudy.systemtests.lab;

import io.understudy.systemtests.IncreasingWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A PostgreSQL that moves with the address.
 *
 * @param port the same on every node
 * @param user may make tables
 * @param password of the user; for this lab only
 * @param numbers gives each number to write once
 * @param acknowledged all numbers that were ever acknowledged
 */
record PeerDatabase(
        int port, String user, String password, AtomicLong numbers, Set<Long> acknowledged) {

    /** With nothing written yet. */
    PeerDatabase(int port, String user, String password) {
        this(port, user, password, new AtomicLong(), new TreeSet<>());
    }

    /** Returns a writer through the address that moves, with the same limits as everywhere. */
    IncreasingWriter writer() {
        return new IncreasingWriter(this::serving, numbers);
    }

    /** Opens a connection through the address that moves. */
    Connection serving() throws SQLException {
        return open(
                Lab.VIRTUAL_4, "?targetServerType=primary&hostRecheckSeconds=0&socketTimeout=2");
    }

    /** Opens a connection to one node's. */
    Connection open(String host, String options) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", "1");
        properties.setProperty("socketTimeout", "5");
        return DriverManager.getConnection(
                "jdbc:postgresql://" + host + ":" + port + "/postgres" + options, properties);
    }
}
