package io.understudy.ejb.recovery;

import io.understudy.core.instance.InstanceName;
import io.understudy.ejb.address.HostFitness;
import io.understudy.ejb.guard.GuardLink;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Looks after the addresses of the instances here, and tells what becomes of them. */
final class AddressWatch {

    private static final System.Logger LOG = System.getLogger(AddressWatch.class.getName());
    private static final long LOOK_MILLIS = 1_000;

    private final Recoveries recoveries;
    private final GuardLink guard;
    private final Happenings happenings;
    private final AtomicBoolean looking = new AtomicBoolean();
    private final Map<InstanceName, String> told = new ConcurrentHashMap<>();

    AddressWatch(Recoveries recoveries, GuardLink guard, Happenings happenings) {
        this.recoveries = recoveries;
        this.guard = guard;
        this.happenings = happenings;
    }

    /**
     * Begins to look, several times a second at most.
     *
     * @param timer must not be held up
     * @param workers do the looking
     */
    void start(ScheduledExecutorService timer, Executor workers) {
        timer.scheduleWithFixedDelay(
                () -> lookOn(workers), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void lookOn(Executor workers) {
        if (!looking.compareAndSet(false, true)) {
            return;
        }
        try {
            workers.execute(
                    () -> {
                        try {
                            look();
                        } catch (RuntimeException e) {
                            LOG.log(System.Logger.Level.ERROR, "looking at addresses failed", e);
                        } finally {
                            looking.set(false);
                        }
                    });
        } catch (RejectedExecutionException full) {
            looking.set(false);
        }
    }

    private void look() {
        told.keySet().retainAll(recoveries.loops().keySet());
        recoveries.loops().forEach((name, loop) -> fitness(name, loop.parts()));
    }

    /** Whether the addresses could come here: said when this node starts, and when it changes. */
    private void fitness(InstanceName name, InstanceParts parts) {
        if (parts == null) {
            return;
        }
        Optional<String> problem = HostFitness.problem(parts.wanted(), guard);
        String before = told.getOrDefault(name, "");
        if (!problem.orElse("").equals(before)) {
            told.put(name, problem.orElse(""));
            happenings.addressesPossible(name, problem);
        }
    }
}
