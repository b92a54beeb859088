package io.understudy.core.config;

import io.understudy.core.timing.Timers;
import java.time.Duration;

/**
 * The least lease of an instance with addresses. The kernel counts an address's lifetime in whole
 * seconds, and it must never outlive the lease: so a second of the lease has to be left whenever
 * the address is renewed, also right before the lease itself is renewed.
 */
public final class AddressArithmetic {

    /** The shortest lifetime that the kernel can give. */
    public static final Duration LIFETIME = Duration.ofSeconds(1);

    /** How long a renewed lease takes at most to be known to what renews the address. */
    public static final Duration ON_ITS_WAY = Duration.ofMillis(50);

    private AddressArithmetic() {}

    /** Returns the shortest lease under which an address stays without a gap. */
    public static Duration leastLease(Timers timers) {
        return LIFETIME.plus(timers.renewEvery()).plus(ON_ITS_WAY);
    }
}
