package io.understudy.systemtests;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Asks both nodes again and again whether they serve: the databases whether they take writes, the
 * nodes what they would tell a load balancer.
 */
public final class ServingWatch implements AutoCloseable {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    /** What is asked. */
    public enum Question {
        /** Is the database a primary? */
        DATABASE,
        /** Does the node say "active"? */
        ROLE
    }

    /**
     * One answer "yes" or "no".
     *
     * @param session counts connections: a database that served in two answers of one session
     *     served all the time between them, as it cannot be demoted without a restart
     */
    public record Observation(
            String node,
            Question question,
            int session,
            long beganNanos,
            long endedNanos,
            boolean serving) {}

    private final Layout layout;
    private final List<Observation> observations = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    /**
     * @param places where each node is: there it is asked, so that the answer comes whatever is
     *     between the nodes and their clients
     */
    ServingWatch(Layout layout, Function<String, Place> places) {
        this.layout = layout;
        for (String node : Layout.NODES) {
            Place place = places.apply(node);
            threads.add(
                    new Thread(
                            () -> place.run(() -> watchDatabase(node)), "watch-database-" + node));
            threads.add(new Thread(() -> place.run(() -> watchRole(node)), "watch-role-" + node));
        }
    }

    void start() {
        threads.forEach(
                t -> {
                    t.setDaemon(true);
                    t.start();
                });
    }

    private void watchDatabase(String node) {
        int session = 0;
        while (!stopping) {
            session++;
            try (Connection connection = IncreasingWriter.open(layout.jdbcUrl(node), layout, node);
                    Statement query = connection.createStatement()) {
                while (!stopping) {
                    long began = System.nanoTime();
                    boolean serving = isPrimary(query);
                    note(node, Question.DATABASE, session, began, serving);
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

    private void watchRole(String node) {
        NodeApi api = new NodeApi(layout.url(node), layout.token(node));
        while (!stopping) {
            long began = System.nanoTime();
            try {
                note(node, Question.ROLE, 1, began, api.active());
            } catch (IOException down) {
                note(node, Question.ROLE, 1, began, false);
            }
            LockSupport.parkNanos(2 * LOOK_NANOS);
        }
    }

    private void note(String node, Question question, int session, long began, boolean serving) {
        long ended = System.nanoTime();
        synchronized (observations) {
            observations.add(new Observation(node, question, session, began, ended, serving));
        }
    }

    /** Returns all answers so far. */
    public List<Observation> observations() {
        synchronized (observations) {
            return List.copyOf(observations);
        }
    }

    /** Returns the answers "yes" of a node to questions asked after {@code nanos}. */
    public List<Observation> servingSince(String node, long nanos) {
        return observations().stream()
                .filter(o -> o.node().equals(node) && o.serving())
                .filter(o -> o.beganNanos() - nanos > 0)
                .toList();
    }

    /**
     * Returns the proofs that two nodes served at once: one said "yes" between two answers "yes" of
     * the other that followed each other.
     */
    public List<String> violations() {
        List<String> found = new ArrayList<>();
        List<Observation> all = observations();
        for (Question question : Question.values()) {
            List<Observation> alpha = of(all, Layout.ALPHA, question);
            List<Observation> beta = of(all, Layout.BETA, question);
            found.addAll(between(alpha, beta));
            found.addAll(between(beta, alpha));
        }
        return found;
    }

    private static List<Observation> of(List<Observation> all, String node, Question question) {
        return all.stream().filter(o -> o.node().equals(node) && o.question() == question).toList();
    }

    static List<String> between(List<Observation> outer, List<Observation> inner) {
        List<String> found = new ArrayList<>();
        int next = 0;
        for (int i = 0; i + 1 < outer.size(); i++) {
            Observation first = outer.get(i);
            Observation second = outer.get(i + 1);
            if (!first.serving() || !second.serving() || first.session() != second.session()) {
                continue;
            }
            while (next < inner.size() && inner.get(next).beganNanos() - first.endedNanos() < 0) {
                next++;
            }
            for (int k = next;
                    k < inner.size() && inner.get(k).endedNanos() - second.beganNanos() < 0;
                    k++) {
                if (inner.get(k).serving()) {
                    found.add(inner.get(k) + " lies between " + first + " and " + second);
                }
            }
        }
        return found;
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
