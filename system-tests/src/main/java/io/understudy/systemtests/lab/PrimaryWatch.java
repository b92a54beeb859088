package io.understudy.systemtests.lab;

import io.understudy.systemtests.Layout;
import io.understudy.systemtests.Place;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** Asks the databases of both nodes, each on its own host, every 25 ms whether they take writes. */
final class PrimaryWatch implements AutoCloseable {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    private final PeerDatabase database;
    private final Map<String, List<AddressWatch.Stay>> stays = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    /** Begins at once. */
    PrimaryWatch(PeerDatabase database, Function<String, Place> places) {
        this.database = database;
        for (String node : Layout.NODES) {
            stays.put(node, new ArrayList<>());
            Place place = places.apply(node);
            Thread thread = new Thread(() -> place.run(() -> look(node)), "watch-primary-" + node);
            thread.setDaemon(true);
            threads.add(thread);
        }
        threads.forEach(Thread::start);
    }

    private void look(String node) {
        while (!stopping) {
            try (Connection connection = database.open(Wires.address(node), "");
                    Statement query = connection.createStatement()) {
                // Only what two answers of one connection enclose is certain.
                boolean was = false;
                while (!stopping) {
                    boolean primary = isPrimary(query);
                    if (primary) {
                        AddressWatch.note(stays.get(node), was, System.nanoTime());
                    }
                    was = primary;
                    LockSupport.parkNanos(LOOK_NANOS);
                }
            } catch (SQLException down) {
                LockSupport.parkNanos(4 * LOOK_NANOS);
            }
        }
    }

    private static boolean isPrimary(Statement query) throws SQLException {
        try (ResultSet row = query.executeQuery("select not pg_is_in_recovery()")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /** Returns the longest time for which both took writes. */
    Duration longestOverlap() {
        return AddressWatch.overlap(stays(Layout.ALPHA), stays(Layout.BETA));
    }

    private List<AddressWatch.Stay> stays(String node) {
        List<AddressWatch.Stay> all = stays.get(node);
        synchronized (all) {
            return List.copyOf(all);
        }
    }

    @Override
    public void close() {
        stopping = true;
        for (Thread thread : threads) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(15));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (thread.isAlive()) {
                throw new IllegalStateException(thread.getName() + " does not end");
            }
        }
    }
}
