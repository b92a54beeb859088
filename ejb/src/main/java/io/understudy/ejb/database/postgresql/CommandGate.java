package io.understudy.ejb.database.postgresql;

import io.understudy.core.lease.Epoch;
import io.understudy.ejb.database.DatabaseException;
import io.understudy.ejb.database.EpochRecord;
import io.understudy.ejb.database.StaleEpochException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one command in at a time, and none of an older epoch. A preempting command makes the one
 * inside end early instead of waiting for it.
 */
final class CommandGate {

    private final PostgresPlace place;
    private final EpochRecord epochs;
    private final Runnable cut;
    private final ReentrantLock lock = new ReentrantLock(true);
    private final AtomicInteger preempting = new AtomicInteger();
    private volatile Optional<String> problem = Optional.empty();
    private volatile boolean closed;

    /**
     * @param cut ends what the command inside may be blocked in
     */
    CommandGate(PostgresPlace place, EpochRecord epochs, Runnable cut) {
        this.place = place;
        this.epochs = epochs;
        this.cut = cut;
    }

    /** What a command does. */
    interface Body<T> {
        T run(long deadline)
                throws DatabaseException, IOException, SQLException, InterruptedException;
    }

    /** What is done at once, without waiting for the command inside. */
    interface Deed {
        void run() throws DatabaseException, InterruptedException;
    }

    /** Returns why the last command failed; empty if it did not. */
    Optional<String> problem() {
        return problem;
    }

    <T> T run(Epoch epoch, Duration limit, boolean preempts, Body<T> body)
            throws DatabaseException, InterruptedException {
        requireCurrent(epoch);
        long deadline = System.nanoTime() + limit.toNanos();
        enter(limit, preempts);
        try {
            // A later command only cuts short what it would otherwise have to wait for.
            if (closed || !preempts) {
                checkNotCut();
            }
            epochs.accept(epoch);
            T result = body.run(deadline);
            problem = Optional.empty();
            return result;
        } catch (IOException | SQLException e) {
            DatabaseException worded =
                    new DatabaseException(
                            place + ": " + e.getMessage() + "; see " + place.log(), e);
            problem = Optional.of(worded.getMessage());
            throw worded;
        } catch (DatabaseException e) {
            problem = Optional.of(e.getMessage());
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Does {@code deed} between two commands, for no tenure.
     *
     * @return whether it was done: not while a command takes longer than {@code limit}
     */
    boolean between(Duration limit, Deed deed) throws DatabaseException, InterruptedException {
        if (closed || !lock.tryLock(limit.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        try {
            deed.run();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Does {@code deed} now; the command inside ends early. */
    void cutShort(Deed deed) throws DatabaseException, InterruptedException {
        preempting.incrementAndGet();
        try {
            cut.run();
            deed.run();
        } finally {
            preempting.decrementAndGet();
        }
    }

    /** Refuses further commands and makes the one inside end early. */
    void close() {
        closed = true;
        cut.run();
    }

    void requireCurrent(Epoch epoch) throws StaleEpochException {
        if (epoch.isBefore(epochs.known())) {
            throw new StaleEpochException(place.name(), epoch, epochs.known());
        }
    }

    /** To be called often inside a long command. */
    void checkNotCut() throws DatabaseException {
        if (closed) {
            throw new DatabaseException(place + " is closed: this node is stopping");
        }
        if (preempting.get() > 0) {
            throw new DatabaseException(place + ": cut short by a later command");
        }
    }

    private void enter(Duration limit, boolean preempts)
            throws DatabaseException, InterruptedException {
        boolean mine;
        if (preempts) {
            preempting.incrementAndGet();
            cut.run();
        }
        try {
            mine = lock.tryLock(limit.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            if (preempts) {
                preempting.decrementAndGet();
            }
        }
        if (!mine) {
            throw new DatabaseException(
                    place + " is still busy with another command; it is repeated later");
        }
    }
}
