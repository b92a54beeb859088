package io.understudy.cli.port;

import io.understudy.core.instance.InstanceName;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Lets other hosts reach the ports of instances exactly as long as their leases hold. What the
 * kernel is told never outlives the lease, so they close even if this process is stopped. Where the
 * kernel refuses it nothing is guarded, which {@link #problem} says, and it is tried again.
 *
 * <p>For one thread at a time, but {@link #problem}, which any may ask.
 */
public final class PortGate implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(PortGate.class.getName());
    private static final long RENEW = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long TRY_AGAIN = TimeUnit.SECONDS.toNanos(5);
    private static final long MILLI = 1_000_000;

    private final PortKernel kernel;
    private final LongSupplier nanos;
    private final Map<InstanceName, Set<Integer>> ports = new HashMap<>();
    private Set<Integer> guarded = Set.of();
    private Set<Integer> opened = Set.of();
    private boolean made;
    private long dueAt;
    private volatile String problem = "";

    /**
     * @param kernel opens and closes
     * @param nanos the monotonic clock by which leases are counted
     */
    PortGate(PortKernel kernel, LongSupplier nanos) {
        this.kernel = kernel;
        this.nanos = nanos;
    }

    /**
     * These ports of the instance are open only while its lease holds; none: nothing is guarded.
     */
    public void guard(InstanceName instance, List<Integer> numbers) {
        if (numbers.isEmpty()) {
            ports.remove(instance);
        } else {
            ports.put(instance, new TreeSet<>(numbers));
        }
        Set<Integer> all = new TreeSet<>();
        ports.values().forEach(all::addAll);
        if (!all.equals(guarded)) {
            guarded = all;
            dueAt = nanos.getAsLong();
            if (all.isEmpty()) {
                clear();
            }
            made = false;
        }
    }

    /** Returns why nothing is guarded though it should be; empty if all is well. Any thread. */
    public String problem() {
        return problem;
    }

    /**
     * Opens, renews and closes what is due.
     *
     * @param validUntil until when an instance's lease holds; empty: it has none
     * @return after how many nanoseconds to come again
     */
    public long tick(Function<InstanceName, OptionalLong> validUntil) {
        if (guarded.isEmpty()) {
            return Long.MAX_VALUE;
        }
        long now = nanos.getAsLong();
        Map<Integer, Long> open = open(validUntil, now);
        boolean changed = made && !open.keySet().equals(opened);
        if (changed || now - dueAt >= 0) {
            tell(open, now);
        }
        long first = open.values().stream().mapToLong(millis -> millis * MILLI).min().orElse(RENEW);
        boolean nothingToRenew = made && opened.isEmpty();
        return nothingToRenew ? Long.MAX_VALUE : Math.max(1, Math.min(first, dueAt - now));
    }

    /** A port that several instances have is open while one of them may serve. */
    private Map<Integer, Long> open(Function<InstanceName, OptionalLong> validUntil, long now) {
        Map<Integer, Long> open = new TreeMap<>();
        ports.forEach(
                (instance, numbers) -> {
                    OptionalLong until = validUntil.apply(instance);
                    long left = until.isPresent() ? (until.getAsLong() - now) / MILLI : 0;
                    if (left > 0) {
                        numbers.forEach(port -> open.merge(port, left, Math::max));
                    }
                });
        return open;
    }

    private void tell(Map<Integer, Long> open, long now) {
        try {
            if (!made) {
                kernel.guard(guarded);
                made = true;
                LOG.log(System.Logger.Level.INFO, "ports {0} are open only under a lease", guarded);
            }
            kernel.open(open);
            opened = Set.copyOf(open.keySet());
            dueAt = now + RENEW;
            problem = "";
        } catch (IOException e) {
            // Somebody may have flushed all rules: the table is made again at once, then calmly.
            dueAt = made ? now : now + TRY_AGAIN;
            made = false;
            opened = Set.of();
            complain(e);
        }
    }

    private void complain(IOException e) {
        if (!problem.equals(e.getMessage())) {
            problem = String.valueOf(e.getMessage());
            LOG.log(
                    System.Logger.Level.ERROR,
                    "ports {0} are not guarded: {1}; it needs CAP_NET_ADMIN and a kernel with"
                            + " nf_tables",
                    guarded,
                    problem);
        }
    }

    private void clear() {
        try {
            if (made) {
                kernel.clear();
            }
            problem = "";
        } catch (IOException e) {
            complain(e);
        }
    }

    /** Removes what is guarded, so that nothing of it stays behind. */
    @Override
    public void close() {
        ports.clear();
        clear();
        made = false;
        guarded = Set.of();
        kernel.close();
    }
}
