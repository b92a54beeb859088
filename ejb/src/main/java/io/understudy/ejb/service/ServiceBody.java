package io.understudy.ejb.service;

import io.understudy.core.lease.Epoch;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a service consists of, by its kind: how it is started, looked at and ended. The runner calls
 * {@link #start}, {@link #look} and {@link #stop} one at a time; {@link #kill} and the questions
 * come from any thread at any time. What {@link #kill} ends may include a start in progress.
 */
interface ServiceBody {

    /**
     * Ends what is left of an earlier start and starts it; blocks until the kind's own way of
     * starting has ended.
     *
     * @throws IOException if it cannot be started: cause, object, next step
     */
    void start(Epoch asOf) throws IOException, InterruptedException;

    /** Says why it no longer runs, where that is known without asking; never blocks. */
    Optional<String> ended();

    /** Returns whether {@link #ended} would say why. */
    default boolean hasEnded() {
        return ended().isPresent();
    }

    /**
     * Names what is told whenever {@link #hasEnded} has become true, before the first start. Called
     * on any thread; must not block.
     *
     * @return whether it will be told: else it must be asked often
     */
    default boolean tellEnd(Runnable told) {
        return false;
    }

    /** Says whether it works by the word of its kind; blocks within {@code limit} or its own. */
    ProbeResult look(Epoch asOf, Duration limit) throws InterruptedException;

    /**
     * Ends it, asked first if {@code limit} is not zero, then by force.
     *
     * @throws IOException if it still runs, or nobody can tell
     */
    void stop(Epoch asOf, Duration limit) throws IOException, InterruptedException;

    /** Sends SIGKILL to what runs of it; takes milliseconds. Whether that was enough, stop says. */
    void kill() throws InterruptedException;

    /** Returns the processes it consists of, the main one first; none if unknown. */
    List<Long> processes();

    /** What something else counts for it, which need not be counted process by process. */
    default Optional<Counted> counted() {
        return Optional.empty();
    }

    /**
     * What has been used since the start.
     *
     * @param cpuNanos of all its processes, those that ended included
     * @param memoryBytes as that counts which counts
     */
    record Counted(long cpuNanos, long memoryBytes) {}

    /** How soon after its start it may be called good where only its life counts. */
    default Duration settle() {
        return Duration.ZERO;
    }

    /** How often it is looked at where its configuration says nothing. */
    default Optional<Duration> interval() {
        return Optional.empty();
    }
}
