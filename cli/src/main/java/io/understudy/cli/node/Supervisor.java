package io.understudy.cli.node;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Keeps one process running until it is told to stop. The thread that calls {@link #run} waits for
 * the process; {@link #stop} comes from another one, usually the hook that a signal starts.
 */
final class Supervisor {

    private final Role role;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private Process process;

    Supervisor(Role role) {
        this.role = role;
    }

    /** What is particular about the process. */
    interface Role {

        /** Starts it. */
        Process start() throws IOException;

        /** It runs. */
        void started(Process process);

        /** It has ended; returns when nothing that it started lives any more. */
        void ended(int status);

        /** It will be started again after {@code wait}. */
        void waiting(int status, Duration wait);

        /** Asks it to stop in good order; returns when it has ended or the limit is over. */
        void stop(Process process);
    }

    /**
     * Runs the process, again and again, until {@link #stop}.
     *
     * @throws IOException if it cannot be started at all
     * @throws InterruptedException if the thread is interrupted
     */
    void run() throws IOException, InterruptedException {
        Backoff backoff = new Backoff();
        try {
            long began = System.nanoTime();
            Process running;
            while ((running = startUnlessStopping()) != null) {
                role.started(running);
                int status = running.waitFor();
                role.ended(status);
                if (stopping.getCount() == 0) {
                    return;
                }
                Duration wait = backoff.after(Duration.ofNanos(System.nanoTime() - began));
                role.waiting(status, wait);
                stopping.await(wait.toMillis(), TimeUnit.MILLISECONDS);
                began = System.nanoTime();
            }
        } finally {
            ended.countDown();
        }
    }

    /** Under the same lock as {@link #stop}: a process started while stopping would stay. */
    private synchronized Process startUnlessStopping() throws IOException {
        if (stopping.getCount() == 0) {
            return null;
        }
        process = role.start();
        return process;
    }

    private synchronized Process beginStop() {
        stopping.countDown();
        return process;
    }

    /**
     * Ends the process: in good order, else by SIGTERM, else by SIGKILL.
     *
     * @param politeLimit how long SIGTERM may take
     * @throws InterruptedException if the thread is interrupted
     */
    void stop(Duration politeLimit) throws InterruptedException {
        Process running = beginStop();
        if (running != null && running.isAlive()) {
            role.stop(running);
            running.destroy();
            if (!running.waitFor(politeLimit.toMillis(), TimeUnit.MILLISECONDS)) {
                running.destroyForcibly();
            }
        }
        if (running != null) {
            ended.await(10, TimeUnit.SECONDS);
        }
    }
}
