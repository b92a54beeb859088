package io.understudy.ejb.guard;

import io.understudy.core.address.WireReport;
import io.understudy.core.config.VirtualAddress;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.time.Moment;
import io.understudy.ejb.process.ProcessIdentity;
import java.nio.file.Path;
import java.util.List;

/**
 * Tells the guard what to kill and when. No method blocks or throws: a guard that cannot be told is
 * lost, which the listener given at the connection hears once, and {@link #guarded()} says from
 * then on. Safe for use by several threads; what one thread tells arrives in its order.
 */
public interface GuardLink extends AutoCloseable {

    /** Returns whether a guard listens at this moment. */
    boolean guarded();

    /**
     * Returns whether a guard is meant to be there; if so and it is not {@link #guarded()}, nothing
     * that needs a lease may be started.
     */
    boolean required();

    /**
     * This process goes on; to be told several times a second. A guard that misses it, and whose
     * peers ask, ends a process that holds a lease and hangs.
     */
    void alive();

    /**
     * The instance's leased children may live until {@code validUntil} on this host's monotonic
     * clock.
     */
    void lease(InstanceName instance, Epoch epoch, Moment validUntil);

    /** The instance's leased children may not live: it has no lease here. */
    void noLease(InstanceName instance, Epoch epoch);

    /**
     * The instance's addresses are to be on this host while its lease holds.
     *
     * @param addresses at least one
     */
    void addresses(InstanceName instance, List<VirtualAddress> addresses);

    /** The instance's addresses are to go at once. */
    void noAddresses(InstanceName instance);

    /** The instance's addresses are to be announced again: another host finds them elsewhere. */
    void announce(InstanceName instance);

    /** These addresses are about to come: the wire is asked who has them. */
    void probe(List<VirtualAddress> addresses);

    /** These ports of the instance are open to other hosts only while its lease holds. */
    void ports(InstanceName instance, List<Integer> ports);

    /** Asks what was heard on the wire; {@link #heard} tells soon after. */
    void look();

    /** Returns what the guard last told of the wire. Any thread. */
    WireReport heard();

    /** A child was started. */
    void child(InstanceName instance, ProcessIdentity process, ChildKind kind);

    /** A child's kind changed, for example at a promotion. */
    void kind(ProcessIdentity process, ChildKind kind);

    /**
     * Whatever lives in this control group is leased, also what will come into it.
     *
     * @param directory where the kernel shows it
     */
    void group(InstanceName instance, Path directory);

    /** Nothing lives in this control group any more. */
    void ungroup(Path directory);

    /** A child has ended. */
    void gone(ProcessIdentity process);

    /** Ends the line. The guard takes that as the end of the node and kills all children. */
    @Override
    void close();

    /** Returns a link for running without a guard; {@link #guarded()} is false. */
    static GuardLink none() {
        return new NoGuard();
    }
}
