package io.understudy.cli.guard;

import io.understudy.core.instance.InstanceName;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Until when each instance's lease holds. Used under the guard's lock. */
final class Leases {

    private final Map<InstanceName, Long> leases = new HashMap<>();

    /**
     * Sets a lease.
     *
     * @param validUntilNanos 0: none
     */
    void set(InstanceName instance, long validUntilNanos) {
        if (validUntilNanos == 0) {
            leases.remove(instance);
        } else {
            leases.put(instance, validUntilNanos);
        }
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
