package io.understudy.ejb.service;

import io.understudy.core.config.Probe;
import io.understudy.core.config.ServiceConfiguration;
import io.understudy.core.lease.Epoch;
import io.understudy.ejb.process.Child;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A process in the foreground, child of this node. */
final class ProcessBody implements ServiceBody {

    private static final Duration VISIT = Duration.ofSeconds(10);
    private static final System.Logger LOG = System.getLogger(ProcessBody.class.getName());
    private static final Duration SETTLE = Duration.ofMillis(100);

    private final ServiceConfiguration service;
    private final ServiceCommands commands;
    private volatile Optional<Child> child = Optional.empty();
    private volatile Runnable told = () -> {};

    ProcessBody(ServiceConfiguration service, ServiceCommands commands) {
        this.service = service;
        this.commands = commands;
    }

    @Override
    public void start(Epoch asOf) throws IOException, InterruptedException {
        kill();
        child = Optional.empty();
        Child started = commands.start(service, asOf);
        child = Optional.of(started);
        started.ended().whenComplete((status, error) -> told.run());
    }

    @Override
    public boolean tellEnd(Runnable listener) {
        told = listener;
        return true;
    }

    @Override
    public Optional<String> ended() {
        Optional<Child> now = child;
        if (now.isEmpty()) {
            return Optional.of("its process is gone");
        }
        return now.filter(Child::hasEnded)
                .map(ended -> "its process ended with status " + ended.exitStatus());
    }

    @Override
    public boolean hasEnded() {
        Optional<Child> now = child;
        return now.isEmpty() || now.get().hasEnded();
    }

    @Override
    public ProbeResult look(Epoch asOf, Duration limit) {
        return ProbeResult.GOOD;
    }

    @Override
    public void stop(Epoch asOf, Duration limit) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        Optional<Child> now = child;
        if (now.isPresent() && now.get().alive()) {
            if (!left(deadline).isZero()) {
                commands.askToStop(service, now.get(), asOf, left(deadline));
            }
            now.get().end(left(deadline));
            if (now.get().doomed()) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "service ''{0}'' (process {1}) is killed and hangs in the kernel; look at"
                                + " the disks that it uses",
                        service.name(),
                        Long.toString(now.get().pid()));
            } else if (now.get().alive()) {
                throw new IOException(
                        "service '"
                                + service.name()
                                + "' (process "
                                + now.get().pid()
                                + ") cannot be killed; restart the host");
            }
        }
        child = Optional.empty();
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    @Override
    public void kill() throws InterruptedException {
        Optional<Child> now = child;
        if (now.isPresent()) {
            now.get().kill();
        }
    }

    @Override
    public List<Long> processes() {
        return child.filter(c -> !c.hasEnded()).map(Child::pid).stream().toList();
    }

    /** Its end is noticed at once; one that is asked nothing else is visited for its log only. */
    @Override
    public Optional<Duration> interval() {
        return service.probe() instanceof Probe.Alive ? Optional.of(VISIT) : Optional.empty();
    }

    @Override
    public Duration settle() {
        return SETTLE;
    }
}
