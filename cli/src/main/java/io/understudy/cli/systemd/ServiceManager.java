package io.understudy.cli.systemd;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The service manager that started this process, if one did: told once when the member is ready,
 * from then on and before, several times per watchdog interval, that the launcher goes on, and when
 * it stops. One thread of its own, {@code service-manager}, which {@link #close} ends.
 *
 * <p>What is watched is the launcher with its guard, not the app server: that one the guard itself
 * watches, and the launcher starts it again.
 */
public final class ServiceManager implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(ServiceManager.class.getName());
    private static final long LOOK_MILLIS = 200;
    private static final long CLOSE_MILLIS = 2_000;

    private final Notifications notifications;
    private final long everyNanos;
    private final CountDownLatch closing = new CountDownLatch(1);
    private Thread thread;
    private boolean complained;

    /**
     * @param notifications where to say it
     * @param everyNanos how often to say that it goes on; {@link Long#MAX_VALUE}: nobody asks
     */
    ServiceManager(Notifications notifications, long everyNanos) {
        this.notifications = notifications;
        this.everyNanos = everyNanos;
    }

    /**
     * Returns the one that the environment names; one that nobody hears where there is none.
     *
     * @param environment this process's: {@code NOTIFY_SOCKET}, {@code WATCHDOG_USEC}, {@code
     *     WATCHDOG_PID} (sd_watchdog_enabled(3))
     */
    public static ServiceManager of(Map<String, String> environment) {
        String name = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (name.isEmpty()) {
            return new ServiceManager(new Nobody(), Long.MAX_VALUE);
        }
        try {
            return new ServiceManager(
                    new NotifySocket(name),
                    interval(environment, Long.toString(ProcessHandle.current().pid())));
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "systemd cannot be told that this member is ready: {0}; give the unit"
                            + " Type=exec and no WatchdogSec, or mend what is said",
                    e.getMessage());
            return new ServiceManager(new Nobody(), Long.MAX_VALUE);
        }
    }

    /** Returns a third of the watchdog's limit, so that two may be lost. */
    static long interval(Map<String, String> environment, String pid) {
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        boolean meant = environment.getOrDefault("WATCHDOG_PID", pid).equals(pid);
        if (!meant || !micros.matches("[1-9][0-9]{0,14}")) {
            return Long.MAX_VALUE;
        }
        return TimeUnit.MICROSECONDS.toNanos(Long.parseLong(micros)) / 3;
    }

    /**
     * Begins to look and to tell.
     *
     * @param ready whether the member is up; asked until it is
     * @param going whether the launcher does its work; while it does not, the watchdog is not fed
     * @param text what a person reads in {@code systemctl status} once it is up
     */
    public void watch(BooleanSupplier ready, BooleanSupplier going, String text) {
        if (notifications instanceof Nobody) {
            return;
        }
        thread = new Thread(() -> run(ready, going, text), "service-manager");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(BooleanSupplier ready, BooleanSupplier going, String text) {
        boolean told = false;
        boolean asked = everyNanos != Long.MAX_VALUE;
        long due = System.nanoTime();
        try {
            do {
                if (!told && ready.getAsBoolean()) {
                    told = say("READY=1\nSTATUS=" + text);
                }
                if (asked && System.nanoTime() - due >= 0 && going.getAsBoolean()) {
                    say("WATCHDOG=1");
                    due = System.nanoTime() + everyNanos;
                }
            } while ((asked || !told) && !closing.await(LOOK_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says that the member stops: systemd waits for its end from now on. */
    public void stopping() {
        say("STOPPING=1");
    }

    private synchronized boolean say(String assignments) {
        try {
            notifications.send(assignments);
            return true;
        } catch (IOException e) {
            if (!complained) {
                complained = true;
                LOG.log(System.Logger.Level.WARNING, e.getMessage());
            }
            return false;
        }
    }

    /** Ends the thread and lets go of the socket. */
    @Override
    public void close() {
        closing.countDown();
        if (thread != null) {
            try {
                thread.join(CLOSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        synchronized (this) {
            notifications.close();
        }
    }

    private static final class Nobody implements Notifications {
        @Override
        public void send(String assignments) {
            // Started by hand or by a script: there is nobody to tell.
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
