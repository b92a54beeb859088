package io.understudy.cli.guard;

import io.understudy.core.config.VirtualAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Writes the registry on a thread of its own, {@code guard-registry}, which {@link #close} ends: a
 * disk that hangs must not keep the guard from killing. Of states that wait only the newest is
 * written. Safe for use by several threads; no method but {@link #close} blocks.
 */
final class RegistryWriter implements AutoCloseable {

    private static final long CLOSE_MILLIS = 1000;

    private final Registry registry;
    private final Sentinel sentinel;
    private final Thread thread = new Thread(this::run, "guard-registry");
    private Optional<Runnable> next = Optional.empty();
    private boolean closed;

    /**
     * Starts the thread.
     *
     * @param sentinel started when there are addresses; here, as it takes longer than a move may
     */
    RegistryWriter(Registry registry, Sentinel sentinel) {
        this.registry = registry;
        this.sentinel = sentinel;
        thread.setDaemon(true);
        thread.start();
    }

    /** Has a server process that has just been started, and has no children yet, written down. */
    void jvm(ProcessId process) {
        registry.remember(process);
        write(List.of(), List.of(), List.of());
    }

    /** Has these children, groups and addresses written down, soon. */
    void write(
            Collection<Child> children,
            Collection<ControlGroup> groups,
            Collection<VirtualAddress> addresses) {
        List<Child> all = List.copyOf(children);
        List<ControlGroup> held = List.copyOf(groups);
        List<VirtualAddress> kept = List.copyOf(addresses);
        offer(
                () -> {
                    registry.write(all, held, kept);
                    if (!kept.isEmpty()) {
                        sentinel.ensure();
                    }
                });
    }

    private synchronized void offer(Runnable writing) {
        next = Optional.of(writing);
        notifyAll();
    }

    private void run() {
        try {
            for (Optional<Runnable> one = take(); one.isPresent(); one = take()) {
                one.get().run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Optional<Runnable> take() throws InterruptedException {
        while (next.isEmpty() && !closed) {
            wait();
        }
        Optional<Runnable> one = next;
        next = Optional.empty();
        return one;
    }

    /** Writes what waits and ends the thread; waits a second at most, for the disk may hang. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            TimeUnit.MILLISECONDS.timedJoin(thread, CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
