package io.understudy.ejb.recovery;

import io.understudy.core.database.DatabaseFacts;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.recovery.Event;
import io.understudy.core.service.ServiceFacts;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Looks at the databases and services of this node's instances and keeps what was seen last. */
final class Observations {

    private final ExecutorService workers;
    private final Function<InstanceName, InstanceParts> parts;
    private final BiConsumer<InstanceName, Event> seen;
    private final Runnable afterwards;
    private final Map<InstanceName, Observed> last = new ConcurrentHashMap<>();
    private final Set<InstanceName> under = ConcurrentHashMap.newKeySet();

    /** What was last observed of an instance here. */
    record Observed(List<DatabaseFacts> databases, List<ServiceFacts> services) {
        static final Observed NOTHING = new Observed(List.of(), List.of());
    }

    /**
     * @param parts of an instance; null where it has none here
     * @param seen hears what was observed
     * @param afterwards run after each observation
     */
    Observations(
            ExecutorService workers,
            Function<InstanceName, InstanceParts> parts,
            BiConsumer<InstanceName, Event> seen,
            Runnable afterwards) {
        this.workers = workers;
        this.parts = parts;
        this.seen = seen;
        this.afterwards = afterwards;
    }

    Observed of(InstanceName instance) {
        return last.getOrDefault(instance, Observed.NOTHING);
    }

    void forget(InstanceName instance) {
        last.remove(instance);
    }

    /** One observation of an instance at a time: a database that hangs must not use up workers. */
    void lookSoon(InstanceName instance) {
        if (!under.add(instance)) {
            return;
        }
        try {
            workers.execute(() -> look(instance));
        } catch (RejectedExecutionException full) {
            under.remove(instance);
        }
    }

    private void look(InstanceName instance) {
        try {
            InstanceParts made = parts.apply(instance);
            if (made == null) {
                return;
            }
            Observed now = new Observed(made.databases(), made.services());
            Observed before = last.put(instance, now);
            seen.accept(instance, new Event.Databases(now.databases()));
            if (before == null || !before.services().equals(now.services())) {
                seen.accept(instance, new Event.Services(now.services()));
            }
            afterwards.run();
        } finally {
            under.remove(instance);
        }
    }
}
