package io.understudy.ejb.database.postgresql;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A client that inserts rising numbers at whichever side takes them and notes what was said. */
final class Writer implements AutoCloseable {

    private final Pair pair;
    private final Thread thread = new Thread(this::run, "writer");
    private final List<Long> acknowledged = new ArrayList<>();
    private volatile boolean stop;
    private long last = System.nanoTime();
    private long longestGap;

    Writer(Pair pair) {
        this.pair = pair;
        thread.start();
    }

    private void run() {
        long next = 1;
        while (!stop) {
            for (Pair.Side side : List.of(pair.alpha, pair.beta)) {
                try (Connection connection = side.connect();
                        PreparedStatement insert =
                                connection.prepareStatement("INSERT INTO rows VALUES (?)")) {
                    connection.setNetworkTimeout(Runnable::run, 3000);
                    while (!stop) {
                        insert.setLong(1, next++);
                        insert.executeUpdate();
                        noted(next - 1);
                    }
                } catch (SQLException | IOException e) {
                    pause();
                }
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void noted(long id) {
        long now = System.nanoTime();
        longestGap = Math.max(longestGap, now - last);
        last = now;
        acknowledged.add(id);
    }

    synchronized int count() {
        return acknowledged.size();
    }

    /** Returns the longest time between two acknowledgements since the last call, in ms. */
    synchronized long outage() {
        long gap = longestGap / 1_000_000;
        longestGap = 0;
        return gap;
    }

    /** Ends the client and returns what was acknowledged and is not there. */
    Set<Long> lostAt(Pair.Side side) throws Exception {
        close();
        Set<Long> lost;
        synchronized (this) {
            lost = new HashSet<>(acknowledged);
        }
        try (Connection connection = side.connect();
                java.sql.Statement statement = connection.createStatement();
                java.sql.ResultSet rows = statement.executeQuery("SELECT id FROM rows")) {
            while (rows.next()) {
                lost.remove(rows.getLong(1));
            }
        }
        return lost;
    }

    @Override
    public void close() {
        stop = true;
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
