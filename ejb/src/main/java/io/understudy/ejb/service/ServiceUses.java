package io.understudy.ejb.service;

import io.understudy.core.instance.InstanceName;
import io.understudy.ejb.process.ProcessUse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the services of this node use. It is looked at when somebody asks, at most every {@link
 * #EVERY}, for all of them in one go and on a worker: who asks is told what the last look saw.
 */
public final class ServiceUses {

    /** The least time from one look to the next. */
    public static final Duration EVERY = Duration.ofSeconds(10);

    private static final int REST_FACTOR = 300;

    private static final System.Logger LOG = System.getLogger(ServiceUses.class.getName());

    private final Executor workers;
    private final LongSupplier nanos;
    private final Supplier<Map<InstanceName, ServiceRunner>> runners;
    private final Supplier<ProcessUse> look;
    private volatile Map<String, Use> last = Map.of();
    private long lookedAt;
    private long rest;
    private boolean looking;
    private boolean ever;

    /**
     * What one service uses.
     *
     * @param started when its processes were started
     * @param cpuPercent of one core since the look before; empty at the first
     * @param memoryBytes resident, of all its processes
     */
    public record Use(Instant started, OptionalDouble cpuPercent, long memoryBytes) {}

    /** What a look has found, kept to be compared with the next. */
    private record Seen(Instant started, long cpuNanos, long at) {}

    private Map<String, Seen> before = Map.of();

    /**
     * @param workers a look takes some milliseconds of one
     * @param nanos the monotonic clock
     * @param runners of all instances on this node
     */
    public ServiceUses(
            Executor workers,
            LongSupplier nanos,
            Supplier<Map<InstanceName, ServiceRunner>> runners) {
        this(workers, nanos, runners, ProcessUse::look);
    }

    ServiceUses(
            Executor workers,
            LongSupplier nanos,
            Supplier<Map<InstanceName, ServiceRunner>> runners,
            Supplier<ProcessUse> look) {
        this.workers = workers;
        this.nanos = nanos;
        this.runners = runners;
        this.look = look;
    }

    /** Returns what a service used when last looked at; empty if it did not run. Never blocks. */
    public Optional<Use> of(InstanceName instance, String service) {
        lookIfDue();
        return Optional.ofNullable(last.get(key(instance, service)));
    }

    private static String key(InstanceName instance, String service) {
        return instance + "/" + service;
    }

    private void lookIfDue() {
        synchronized (this) {
            long now = nanos.getAsLong();
            if (looking || ever && now - lookedAt < Math.max(EVERY.toNanos(), rest)) {
                return;
            }
            looking = true;
            ever = true;
            lookedAt = now;
        }
        try {
            workers.execute(this::look);
        } catch (RejectedExecutionException full) {
            done();
        }
    }

    /** The more processes a host has the longer a look takes, and the less often it is made. */
    private synchronized void done() {
        looking = false;
        rest = REST_FACTOR * (nanos.getAsLong() - lookedAt);
    }

    private void look() {
        try {
            Map<String, Use> uses = new HashMap<>();
            Map<String, Seen> seen = new HashMap<>();
            Optional<ProcessUse> host = Optional.empty();
            for (Map.Entry<InstanceName, ServiceRunner> runner : runners.get().entrySet()) {
                for (SupervisedService one : runner.getValue().supervised()) {
                    List<Long> processes = one.body().processes();
                    if (processes.isEmpty()) {
                        continue;
                    }
                    if (host.isEmpty()) {
                        // Where nothing runs, nothing is looked at.
                        host = Optional.of(look.get());
                    }
                    String key = key(runner.getKey(), one.name());
                    host.get().of(processes).ifPresent(s -> add(key, one.body(), s, uses, seen));
                }
            }
            before = seen;
            last = uses;
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "looking at what services use", e);
        } finally {
            done();
        }
    }

    private void add(
            String key,
            ServiceBody body,
            ProcessUse.Sum sum,
            Map<String, Use> uses,
            Map<String, Seen> seen) {
        long cpu = body.counted().map(ServiceBody.Counted::cpuNanos).orElse(sum.cpuNanos());
        long memory =
                body.counted().map(ServiceBody.Counted::memoryBytes).orElse(sum.memoryBytes());
        long now = nanos.getAsLong();
        Seen was = before.get(key);
        // Another start is another count.
        OptionalDouble percent =
                was == null || !was.started().equals(sum.started()) || now <= was.at()
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(
                                100.0 * Math.max(0, cpu - was.cpuNanos()) / (now - was.at()));
        seen.put(key, new Seen(sum.started(), cpu, now));
        uses.put(key, new Use(sum.started(), percent, memory));
    }
}
