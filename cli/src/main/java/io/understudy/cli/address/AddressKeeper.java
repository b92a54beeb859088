package io.understudy.cli.address;

import io.understudy.core.address.WireReport.Rival;
import io.understudy.core.config.VirtualAddress;
import io.understudy.core.instance.InstanceName;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Keeps instances' addresses on this host exactly as long as their leases hold. What the kernel is
 * told never outlives the lease: a lifetime of whole seconds, not longer than what is left, renewed
 * several times a second; so the address goes even if this process is stopped. With less than a
 * second left nothing is renewed, and at the end it is taken away.
 *
 * <p>It comes when no other host answers for it any more ({@link Arrivals}).
 *
 * <p>An address that has come is announced at once, again after a moment, and every few seconds
 * from then on; and at once when another host claims it.
 *
 * <p>For one thread at a time, but {@link #rival}, which any thread may call.
 */
public final class AddressKeeper {

    private static final System.Logger LOG = System.getLogger(AddressKeeper.class.getName());
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long RENEW = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int LIFETIME_SECONDS = 1;

    /** After it came: when an address is announced. Switches and hosts may miss the first. */
    private static final long[] ANNOUNCE_AFTER = {
        0,
        TimeUnit.MILLISECONDS.toNanos(100),
        TimeUnit.MILLISECONDS.toNanos(500),
        TimeUnit.MILLISECONDS.toNanos(2_000)
    };

    /** Two that answer each claim of the other at once would fill the network. */
    private static final long DEFEND_APART = TimeUnit.MILLISECONDS.toNanos(200);

    private static final long ANNOUNCE_EVERY = TimeUnit.SECONDS.toNanos(10);

    private final Kernel kernel;
    private final Wire wire;
    private final LongSupplier nanos;
    private final Map<InstanceName, List<Kept>> wanted = new LinkedHashMap<>();
    private final Rivals rivals = new Rivals();
    private final Arrivals arrivals = new Arrivals(rivals, this::ask);

    /** One address, and how it is. */
    private static final class Kept {
        private final VirtualAddress address;
        private boolean present;
        private long wantedSince;
        private long renewAt;
        private long cameAt;
        private int announced;
        private long announceAt;
        private long defendedAt;
        private String problem = "";

        Kept(VirtualAddress address, long now) {
            this.address = address;
            this.wantedSince = now;
        }
    }

    /**
     * @param kernel installs
     * @param wire announces
     * @param nanos the monotonic clock by which leases are counted
     */
    AddressKeeper(Kernel kernel, Wire wire, LongSupplier nanos) {
        this.kernel = kernel;
        this.wire = wire;
        this.nanos = nanos;
    }

    /** The instance's addresses are to be here while its lease holds; those that are here stay. */
    public void serve(InstanceName instance, List<VirtualAddress> addresses) {
        List<Kept> before = wanted.get(instance);
        if (before != null
                && before.stream().map(kept -> kept.address).toList().equals(addresses)) {
            return;
        }
        release(instance);
        long now = nanos.getAsLong();
        addresses.forEach(this::probe);
        wanted.put(
                instance,
                addresses.stream()
                        .map(address -> new Kept(address, now))
                        .peek(
                                kept -> {
                                    kept.renewAt = now;
                                    kept.announceAt = now;
                                    kept.defendedAt = now - DEFEND_APART;
                                })
                        .toList());
        watch();
    }

    /**
     * Asks the wire who has these addresses, which are about to come: who answers is reported by
     * {@link #rivals}. Waits for nothing.
     */
    public void probe(List<VirtualAddress> addresses) {
        addresses.forEach(this::probe);
    }

    private void probe(VirtualAddress address) {
        boolean here =
                wanted.values().stream()
                        .flatMap(List::stream)
                        .anyMatch(kept -> kept.present && kept.address.equals(address));
        long now = nanos.getAsLong();
        if (!here && rivals.asked(address, now)) {
            arrivals.asked(address, now);
            ask(address);
        }
    }

    private void ask(VirtualAddress address) {
        try {
            wire.probe(address);
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "whether another host has {0} cannot be asked: {1}",
                    address,
                    e.getMessage());
        }
    }

    /** Returns who else claims addresses of ours. Any thread. */
    public List<Rival> rivals() {
        return rivals.heard();
    }

    /** The instance's addresses are to go. */
    public void release(InstanceName instance) {
        List<Kept> gone = wanted.remove(instance);
        if (gone != null) {
            gone.forEach(this::remove);
            gone.forEach(kept -> rivals.forget(kept.address));
            gone.forEach(kept -> arrivals.forget(kept.address));
            watch();
        }
    }

    /** All addresses are to go. */
    public void releaseAll() {
        List.copyOf(wanted.keySet()).forEach(this::release);
    }

    /** Returns what may be on this host. */
    public List<VirtualAddress> wanted() {
        return wanted.values().stream().flatMap(List::stream).map(kept -> kept.address).toList();
    }

    /** The instance's addresses that are here are announced at the next tick. */
    public void announceAgain(InstanceName instance) {
        long now = nanos.getAsLong();
        wanted.getOrDefault(instance, List.of()).forEach(kept -> kept.announceAt = now);
    }

    /** Returns whether an address of ours is on this host. */
    public boolean anyHere() {
        return wanted.values().stream().flatMap(List::stream).anyMatch(kept -> kept.present);
    }

    /**
     * Renews, removes and announces what is due.
     *
     * @param validUntil until when an instance's lease holds; empty: it has none
     * @return after how many nanoseconds to come again
     */
    public long tick(Function<InstanceName, OptionalLong> validUntil) {
        long now = nanos.getAsLong();
        long next = Long.MAX_VALUE;
        for (Map.Entry<InstanceName, List<Kept>> of : wanted.entrySet()) {
            OptionalLong until = validUntil.apply(of.getKey());
            long left = until.isPresent() ? until.getAsLong() - now : 0;
            for (Kept kept : of.getValue()) {
                next = Math.min(next, keep(kept, left, now));
            }
        }
        return next;
    }

    private long keep(Kept kept, long left, long now) {
        if (left <= 0) {
            if (kept.present) {
                remove(kept);
                // Wanted still: it comes again with a lease.
                kept.renewAt = now;
            }
            kept.wantedSince = now;
            return RENEW;
        }
        if (now - kept.renewAt >= 0 && left >= SECOND) {
            long wait = kept.present ? 0 : arrivals.wait(kept.address, kept.wantedSince, now);
            if (wait > 0) {
                return wait;
            }
            renew(kept, now);
        }
        if (kept.present && rivals.claimed(kept.address)) {
            kept.announceAt = earlier(kept.announceAt, kept.defendedAt + DEFEND_APART);
        }
        if (kept.present && now - kept.announceAt >= 0) {
            kept.defendedAt = now;
            rivals.answered(kept.address);
            announce(kept, now);
        }
        long next = left >= SECOND ? Math.max(kept.renewAt - now, 1) : left;
        return kept.present ? Math.min(next, Math.max(kept.announceAt - now, 1)) : next;
    }

    private void renew(Kept kept, long now) {
        kept.renewAt = now + RENEW;
        try {
            kernel.install(kept.address, LIFETIME_SECONDS);
            if (!kept.present) {
                kept.present = true;
                kept.cameAt = now;
                kept.announced = 0;
                kept.announceAt = now;
                LOG.log(System.Logger.Level.INFO, "{0} is here", kept.address);
            }
            kept.problem = "";
        } catch (IOException e) {
            complain(kept, e);
        }
    }

    private void announce(Kept kept, long now) {
        kept.announced++;
        kept.announceAt =
                kept.announced < ANNOUNCE_AFTER.length
                        ? kept.cameAt + ANNOUNCE_AFTER[kept.announced]
                        : now + ANNOUNCE_EVERY;
        try {
            wire.announce(kept.address);
        } catch (IOException e) {
            complain(kept, e);
        }
    }

    private void remove(Kept kept) {
        if (!kept.present) {
            return;
        }
        try {
            kernel.remove(kept.address);
            LOG.log(System.Logger.Level.INFO, "{0} is not here any more", kept.address);
        } catch (IOException e) {
            // Its lifetime ends it within a second.
            complain(kept, e);
        }
        kept.present = false;
    }

    /** Once per problem, not several times a second. */
    private static void complain(Kept kept, IOException e) {
        if (!kept.problem.equals(e.getMessage())) {
            kept.problem = String.valueOf(e.getMessage());
            LOG.log(
                    System.Logger.Level.ERROR,
                    "{0}; does the interface exist, and may the launcher change addresses"
                            + " (CAP_NET_ADMIN, CAP_NET_RAW)?",
                    kept.problem);
        }
    }

    private void watch() {
        rivals.watch(
                wanted.values().stream().flatMap(List::stream).map(kept -> kept.address).toList());
    }

    private static long earlier(long a, long b) {
        return a - b < 0 ? a : b;
    }

    /**
     * Another host said that {@code address} is its own. Any thread.
     *
     * @return whether it is one that is here, or is to come: the next tick is due
     */
    boolean rival(byte[] address, String who) {
        return rivals.claim(address, who, nanos.getAsLong());
    }
}
