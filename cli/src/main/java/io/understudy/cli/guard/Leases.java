package io.understudy.cli.guard;

import io.understudy.core.instance.InstanceName;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Until when each instance's lease holds. Used under the guard's lock. */
final class Leases {

    /** With less left an address is not renewed, and waits for the next renewal of the lease. */
    private static final long ENOUGH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Map<InstanceName, Long> leases = new HashMap<>();

    /**
     * Sets a lease.
     *
     * @param validUntilNanos 0: none
     * @return whether something is to be done about it before what was next anyway: not if a lease
     *     goes on that was far from its end, as hundreds do several times a second
     */
    boolean set(InstanceName instance, long validUntilNanos, long now) {
        if (validUntilNanos == 0) {
            return leases.remove(instance) != null;
        }
        Long before = leases.put(instance, validUntilNanos);
        return before == null || validUntilNanos - before < 0 || before - now < ENOUGH_NANOS;
    }

    void clear() {
        leases.clear();
    }

    boolean isEmpty() {
        return leases.isEmpty();
    }

    OptionalLong validUntil(InstanceName instance) {
        Long until = leases.get(instance);
        return until == null ? OptionalLong.empty() : OptionalLong.of(until);
    }

    boolean isValid(InstanceName instance, long now) {
        Long until = leases.get(instance);
        return until != null && until - now > 0;
    }

    /** Returns how long until the first of the valid leases of {@code instances} ends. */
    long untilNextEnd(Stream<InstanceName> instances, long now) {
        return instances
                .filter(instance -> isValid(instance, now))
                .mapToLong(instance -> leases.get(instance) - now)
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
