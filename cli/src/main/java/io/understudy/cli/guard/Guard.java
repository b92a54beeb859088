package io.understudy.cli.guard;

import io.understudy.cli.port.PortGate;
import io.understudy.core.address.WireReport;
import io.understudy.core.instance.InstanceName;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Keeps the registry of an app server's children and kills them when they may no longer run:
 *
 * <ul>
 *   <li>leased children, and whatever lives in a leased control group, when their instance's lease
 *       passes without renewal,
 *   <li>all children when the app server ends or its connection to the guard closes.
 * </ul>
 *
 * <p>It kills whole trees, and only after comparing start times. It works while the app server
 * hangs: one thread of this process, named {@code guard}, waits for the next deadline. Safe for use
 * by several threads.
 */
public final class Guard implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Guard.class.getName());
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long STILL_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final LongSupplier nanos;
    private final RegistryWriter registry;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Leases leases = new Leases();
    private final Reach reach;
    private final Map<Long, Child> children = new LinkedHashMap<>();
    private final Trees trees = new Trees();
    private final Doomed doomed = new Doomed(trees);
    private final Stillness stillness = new Stillness();
    private final ControlGroups groups = new ControlGroups();
    private final Sentinel sentinel;
    private final Thread thread;
    private Optional<ProcessId> jvm = Optional.empty();
    private boolean jvmAlive;
    private boolean connected;
    private boolean closed;
    private long lookedAt;

    /**
     * Starts the thread.
     *
     * @param nanos the host's monotonic clock, as {@link System#nanoTime()}
     * @param registry where the children are written down for the next launcher
     * @param ports opens ports with leases; closed with the guard
     */
    public Guard(LongSupplier nanos, Registry registry, PortGate ports) {
        this.nanos = nanos;
        this.sentinel = new Sentinel(registry.file());
        this.registry = new RegistryWriter(registry, sentinel);
        this.lookedAt = nanos.getAsLong();
        this.reach = new Reach(ports, nanos, () -> locked(() -> {}));
        this.thread = new Thread(this::enforce, "guard");
        thread.setDaemon(true);
        thread.start();
    }

    /** Notes that the app server runs as {@code process}; the one before must have ended. */
    public void jvmStarted(ProcessId process) {
        locked(
                () -> {
                    jvm = Optional.of(process);
                    jvmAlive = true;
                    connected = false;
                    stillness.reset();
                    registry.jvm(process);
                });
    }

    /**
     * Notes that the app server has ended and kills all its children, also those that it had
     * started and not yet told of: they are in its session.
     */
    public void jvmEnded() {
        locked(
                () -> {
                    jvmAlive = false;
                    jvm.ifPresent(doomed::add);
                    abandon("the server process has ended");
                    killDoomed();
                });
    }

    /** Returns whether the present app server has ever spoken to the guard. */
    public boolean hasConnected() {
        return ask(() -> connected);
    }

    /** Returns whether the app server holds no lease and has no child. */
    public boolean isIdle() {
        return ask(() -> leases.isEmpty() && children.isEmpty() && !groups.anyPopulated());
    }

    /** Notes that the app server speaks to the guard: its application works. */
    public void connectionOpened() {
        locked(() -> connected = true);
    }

    /** Notes that the app server no longer speaks to the guard and kills all its children. */
    public void connectionClosed() {
        locked(() -> abandon("the server process has let go of its guard"));
    }

    /** Notes that the app server said something. */
    void heard() {
        quietly(stillness::heard);
    }

    /** Notes that the app server says several times a second that it goes on. */
    void watchFromNow() {
        locked(() -> stillness.watch(nanos.getAsLong()));
    }

    /**
     * Kills the app server and all its children if it holds a lease and has been still for most of
     * it: it hangs, and a peer is ready to go on. Nothing otherwise. Returns at once; {@link
     * #isStopped()} says when all are gone.
     *
     * @param peer who asks, for the log
     */
    public void fence(String peer) {
        locked(
                () -> {
                    if (jvmAlive && connected && stillness.tooLong()) {
                        LOG.log(
                                System.Logger.Level.WARNING,
                                "ended the server process: it has been still for {0} ms, and {1} is"
                                        + " ready to go on",
                                stillness.millis(),
                                peer);
                        jvm.ifPresent(doomed::add);
                        abandon("the server process hangs");
                        killDoomed();
                    }
                });
    }

    /**
     * Sets an instance's lease. Zero or a moment that is over kills the instance's leased children
     * at once.
     *
     * @param validUntilNanos on the clock given at construction; 0: no lease
     */
    public void lease(InstanceName instance, long validUntilNanos) {
        long now = nanos.getAsLong();
        long left = validUntilNanos == 0 ? 0 : validUntilNanos - now;
        quietly(
                () -> {
                    stillness.lease(instance, left);
                    if (leases.set(instance, validUntilNanos, now)) {
                        changed.signalAll();
                    }
                });
    }

    /** Registers a child; a leased one of an instance without a valid lease is killed at once. */
    public void child(InstanceName instance, ProcessId process, boolean leased) {
        Child.Kind kind = leased ? Child.Kind.LEASED : Child.Kind.BOUND;
        noted(() -> children.put(process.pid(), new Child(instance, process, kind)));
    }

    /** Registers a control group: whatever lives in it is leased, also what is not there yet. */
    public void group(InstanceName instance, Path directory) {
        noted(() -> groups.add(new ControlGroup(directory), instance));
        locked(sentinel::ensure);
    }

    /** Forgets a control group in which nothing lives any more. */
    public void ungroup(Path directory) {
        noted(() -> groups.remove(new ControlGroup(directory)));
    }

    WireReport heardOnTheWire() {
        return reach.report();
    }

    /** Has something done about addresses or ports, and looks after them at once. */
    void reach(Consumer<Reach> change) {
        noted(() -> change.accept(reach));
    }

    /** Changes when a child must die; an unknown number is ignored: it may have been killed. */
    public void kind(long pid, boolean leased) {
        Child.Kind kind = leased ? Child.Kind.LEASED : Child.Kind.BOUND;
        noted(() -> children.computeIfPresent(pid, (p, child) -> child.as(kind)));
    }

    /**
     * Forgets a child that the app server saw end, and kills what it left behind; one that still
     * lives stays registered.
     */
    public void gone(long pid) {
        locked(
                () -> {
                    Child child = children.get(pid);
                    if (child != null && !child.process().isAlive()) {
                        if (trees.survivors(child.process(), ProcessTable.read()).isEmpty()) {
                            forget(child.process());
                        } else {
                            doom(List.of(child), "left behind by a process that ended");
                        }
                    }
                });
    }

    /** Returns whether its thread does its rounds: without them nothing is enforced. */
    public boolean isEnforcing() {
        return thread.isAlive() && ask(() -> nanos.getAsLong() - lookedAt < 2 * LOOK_NANOS);
    }

    /** Returns whether the app server runs. */
    public boolean isJvmAlive() {
        return ask(() -> jvmAlive);
    }

    /**
     * Returns whether the app server is dead and nothing that it started lives any more; or whether
     * it has been started again and has not yet spoken to its guard. Such a one has no child and no
     * lease, and the one before was gone with all its children before it was started. Without this
     * a quick restart would take the proof of death away again.
     */
    public boolean isStopped() {
        return ask(this::stopped);
    }

    private boolean stopped() {
        if (groups.anyPopulated() || reach.addresses().anyHere()) {
            return false;
        }
        if (jvmAlive) {
            return !connected && children.isEmpty();
        }
        ProcessTable table = ProcessTable.read();
        return Stream.concat(jvm.stream(), children.values().stream().map(Child::process))
                .allMatch(p -> trees.survivors(p, table).isEmpty());
    }

    /**
     * Kills everything, waits up to five seconds until all is gone, and ends the thread.
     *
     * <p>What cannot be killed (a process that hangs in the kernel) stays in the registry's file,
     * and the next launcher refuses to start beside it.
     */
    @Override
    public void close() {
        locked(() -> abandon("the guard ends"));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        lock.lock();
        try {
            while ((!doomed.isEmpty() || groups.anyPopulated()) && end - System.nanoTime() > 0) {
                changed.awaitNanos(Doomed.SOON_NANOS);
                killDoomed();
                groups.killUnless(leased -> false);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closed = true;
            changed.signalAll();
            lock.unlock();
        }
        registry.close();
        sentinel.close();
        try {
            thread.join(5000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        reach.close();
    }

    private boolean ask(BooleanSupplier question) {
        lock.lock();
        try {
            return question.getAsBoolean();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable change) {
        quietly(change, changed::signalAll);
    }

    /** Without waking the guard's thread: for what lets it sleep on. */
    private void quietly(Runnable... changes) {
        lock.lock();
        try {
            List.of(changes).forEach(Runnable::run);
        } finally {
            lock.unlock();
        }
    }

    private void noted(Runnable change) {
        locked(
                () -> {
                    change.run();
                    write();
                });
    }

    private void abandon(String why) {
        leases.clear();
        stillness.reset();
        groups.killUnless(leased -> false);
        reach.addresses().releaseAll();
        doom(List.copyOf(children.values()), why);
    }

    private void enforce() {
        lock.lock();
        try {
            long nextLook = nanos.getAsLong() + LOOK_NANOS;
            while (!closed) {
                long now = nanos.getAsLong();
                lookedAt = now;
                doomExpired(now);
                killDoomed();
                boolean found = groups.killUnless(instance -> leases.isValid(instance, now));
                if (nextLook - now <= 0) {
                    trees.look(children.values());
                    nextLook = now + LOOK_NANOS;
                }
                stillness.look(now);
                long wait = Math.min(nextLook - now, untilNextDeadline(now));
                wait = Math.min(wait, reach.tick(leases::validUntil));
                if (stillness.matters()) {
                    wait = Math.min(wait, STILL_LOOK_NANOS);
                }
                if (!doomed.isEmpty() || found) {
                    wait = Math.min(wait, doomed.retryNanos());
                }
                changed.awaitNanos(Math.max(wait, 1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void doomExpired(long now) {
        doom(
                children.values().stream()
                        .filter(c -> c.kind() == Child.Kind.LEASED)
                        .filter(c -> !leases.isValid(c.instance(), now))
                        .toList(),
                "the lease is over");
    }

    private long untilNextDeadline(long now) {
        Stream<Child> leased =
                children.values().stream().filter(c -> c.kind() == Child.Kind.LEASED);
        return leases.untilNextEnd(
                Stream.concat(leased.map(Child::instance), groups.instances().stream()), now);
    }

    private void doom(Collection<Child> victims, String why) {
        if (doomed.add(victims, why)) {
            killDoomed();
        }
    }

    /** Kills again what is left of the doomed; forgets those of which nothing is left. */
    private void killDoomed() {
        doomed.kill().forEach(this::forget);
    }

    private void forget(ProcessId dead) {
        trees.forget(dead);
        children.values().removeIf(c -> c.process().equals(dead));
        write();
    }

    private void write() {
        registry.write(children.values(), groups.all(), reach.addresses().wanted());
    }
}
