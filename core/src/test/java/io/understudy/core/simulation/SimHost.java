package io.understudy.core.simulation;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.ledger.LedgerEntry;
import java.util.Optional;

/** A host: the process of a member, its clock, its vote, and the ledger on its disk. */
class SimHost {

    final String name;
    final World world;

    /** How fast its monotonic clock runs against true time. */
    final double rate;

    final long origin;

    boolean running = true;

    /** The member's process is stopped (SIGSTOP); its children and its kernel go on. */
    boolean hung;

    /** The whole host stands still. */
    boolean frozen;

    /** No power: nothing answers, not even a refusal. */
    boolean powered = true;

    boolean votes;
    long boot;

    // The ledger on the disk.
    Epoch promised = Epoch.NONE;
    Optional<LedgerEntry> entry = Optional.empty();
    long diskMillis = 5;

    SimHost(World world, String name) {
        this.world = world;
        this.name = name;
        this.rate = 0.98 + world.random.nextDouble() * 0.04;
        this.origin = world.random.nextLong(1L << 40);
    }

    long clock() {
        return origin + (long) (world.now() * rate);
    }

    long trueTimeOf(long clock) {
        return (long) ((clock - origin) / rate);
    }

    boolean awake() {
        return running && !hung && !frozen;
    }

    static final InstanceName INSTANCE = InstanceName.of("demo");
}
