package io.understudy.ejb.recovery;

import io.understudy.core.database.DatabaseFacts;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.recovery.Event;
import io.understudy.core.service.ServiceFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Looks at databases and services of the instances here, and tells their loops what is new. An
 * instance with databases is looked at all the time, one without only tells by itself.
 */
final class Observations {

    /** What was last observed of an instance here. */
    record Observed(List<DatabaseFacts> databases, List<ServiceFacts> services) {
        static final Observed NOTHING = new Observed(List.of(), List.of());
    }

    private static final int SELDOM = 5;

    private final Map<InstanceName, InstanceLoop> loops;
    private final Function<InstanceName, InstanceParts> parts;
    private final Executor workers;
    private final Runnable changed;
    private final Map<InstanceName, Observed> observed = new ConcurrentHashMap<>();
    private final Set<InstanceName> observing = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private int rounds;

    /**
     * @param parts of an instance, null for one that is gone
     * @param changed told when anything observed is not as it was
     */
    Observations(
            Map<InstanceName, InstanceLoop> loops,
            Function<InstanceName, InstanceParts> parts,
            Executor workers,
            Runnable changed) {
        this.loops = loops;
        this.parts = parts;
        this.workers = workers;
        this.changed = changed;
    }

    Observed of(InstanceName instance) {
        return observed.getOrDefault(instance, Observed.NOTHING);
    }

    void forget(InstanceName instance) {
        observed.remove(instance);
    }

    /**
     * Looks at all; those without databases are looked at in one go, and seldom if all that changes
     * is told anyway.
     */
    void all() {
        List<InstanceName> quick = new ArrayList<>();
        boolean also = rounds++ % SELDOM == 0;
        for (InstanceName instance : loops.keySet()) {
            InstanceParts made = parts.apply(instance);
            if (made == null || !made.instance().databases().isEmpty()) {
                soon(instance);
            } else if (also || made.watchesVolumes() || !observed.containsKey(instance)) {
                quick.add(instance);
            }
        }
        if (quick.isEmpty() || !sweeping.compareAndSet(false, true)) {
            return;
        }
        try {
            workers.execute(() -> sweep(quick));
        } catch (RejectedExecutionException full) {
            sweeping.set(false);
        }
    }

    private void sweep(List<InstanceName> instances) {
        try {
            instances.forEach(this::observe);
        } finally {
            sweeping.set(false);
        }
    }

    /** One observation of an instance at a time: a database that hangs must not use up workers. */
    void soon(InstanceName instance) {
        if (!observing.add(instance)) {
            return;
        }
        try {
            workers.execute(
                    () -> {
                        try {
                            observe(instance);
                        } finally {
                            observing.remove(instance);
                        }
                    });
        } catch (RejectedExecutionException full) {
            observing.remove(instance);
        }
    }

    private void observe(InstanceName instance) {
        InstanceLoop loop = loops.get(instance);
        InstanceParts made = parts.apply(instance);
        if (loop == null || made == null) {
            return;
        }
        Observed now = new Observed(made.databases(), made.services());
        Observed before = observed.put(instance, now);
        if (!loops.containsKey(instance)) {
            observed.remove(instance);
            return;
        }
        if (before == null || !now.databases().isEmpty()) {
            loop.post(new Event.Databases(now.databases()));
        }
        if (before == null || !before.services().equals(now.services())) {
            loop.post(new Event.Services(now.services()));
        }
        if (!now.equals(before)) {
            changed.run();
        }
    }
}
