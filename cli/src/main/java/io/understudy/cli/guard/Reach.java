package io.understudy.cli.guard;

import io.understudy.cli.address.AddressKeeper;
import io.understudy.cli.address.HostAddresses;
import io.understudy.cli.port.PortGate;
import io.understudy.core.address.WireReport;
import io.understudy.core.instance.InstanceName;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What makes instances reachable from other hosts while their leases hold: addresses and ports.
 * Used under the guard's lock.
 */
final class Reach implements AutoCloseable {

    private final HostAddresses addresses;
    private final PortGate ports;

    /**
     * @param onRival called, on another thread, when {@link #tick} is due
     */
    Reach(PortGate ports, LongSupplier nanos, Runnable onRival) {
        this.addresses = new HostAddresses(nanos, onRival);
        this.ports = ports;
    }

    AddressKeeper addresses() {
        return addresses.keeper();
    }

    PortGate ports() {
        return ports;
    }

    /** Returns what is to be told of both. Any thread. */
    WireReport report() {
        return new WireReport(addresses.keeper().rivals(), ports.problem());
    }

    /** Looks after both; returns after how many nanoseconds to come again. */
    long tick(Function<InstanceName, OptionalLong> validUntil) {
        return Math.min(addresses.keeper().tick(validUntil), ports.tick(validUntil));
    }

    /** Addresses that are still here go with their lifetime; ports are as if never guarded. */
    @Override
    public void close() {
        addresses.close();
        ports.close();
    }
}
