package io.understudy.ejb.service;

import io.understudy.core.config.InstanceConfiguration;
import io.understudy.core.config.ServiceConfiguration;
import io.understudy.core.config.ServiceKind;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.node.NodeName;
import io.understudy.core.service.ServiceCondition;
import io.understudy.core.service.ServiceFacts;
import io.understudy.core.timing.Timers;
import io.understudy.ejb.database.DatabaseAccess;
import io.understudy.ejb.guard.Children;
import io.understudy.ejb.process.Child;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Runs the services of one instance on this node: starts them in order, watches and restarts them,
 * stops them in reverse order. It owns no thread: the timer and the workers are shared by all
 * instances. No method blocks, except {@link #stopAll} with {@link StopMode#KILL}, which takes
 * milliseconds. Safe for use by several threads.
 */
public final class ServiceRunner implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(ServiceRunner.class.getName());
    private static final long TICK_MILLIS = 50;

    private final InstanceName instance;
    private final ServiceCommands commands;
    private final Timers timers;
    private final ScheduledExecutorService timer;
    private final Executor workers;
    private final LongSupplier nanos;
    private final ServiceListener listener;
    private final List<SupervisedService> services = new ArrayList<>();
    private final Object lock = new Object();

    private boolean wanted;
    private boolean closed;
    private long generation;
    private Epoch epoch = Epoch.NONE;
    private CompletableFuture<Void> starting = CompletableFuture.completedFuture(null);
    private CompletableFuture<Void> stopping = CompletableFuture.completedFuture(null);
    private Optional<ScheduledFuture<?>> ticking = Optional.empty();

    /**
     * Does nothing yet.
     *
     * @param instance whose services these are
     * @param node this node
     * @param timers probe interval and limits
     * @param data the data directory: logs go to {@code logs/}, services start in it
     * @param children starts processes
     * @param timer one for all instances; its tasks here never block
     * @param workers a bounded pool for all instances; its tasks here block, each within a limit
     * @param nanos the monotonic clock
     * @param databases asked at each start of a service: how it reaches its databases
     * @param listener hears every change of condition
     */
    public ServiceRunner(
            InstanceConfiguration instance,
            NodeName node,
            Timers timers,
            Path data,
            Children children,
            ScheduledExecutorService timer,
            Executor workers,
            LongSupplier nanos,
            Supplier<List<DatabaseAccess>> databases,
            ServiceListener listener) {
        this.instance = instance.name();
        this.commands = new ServiceCommands(instance.name(), node, data, children, databases);
        this.timers = Objects.requireNonNull(timers, "timers");
        this.timer = Objects.requireNonNull(timer, "timer");
        this.workers = Objects.requireNonNull(workers, "workers");
        this.nanos = Objects.requireNonNull(nanos, "nanos");
        this.listener = Objects.requireNonNull(listener, "listener");
        for (ServiceConfiguration service : instance.services()) {
            services.add(new SupervisedService(service, timers));
        }
    }

    /**
     * Starts all services in order; each waits until the one before works. Idempotent: services
     * that run already go on running, also when {@code asOf} is newer. A stop in progress is
     * finished first.
     *
     * @param asOf the tenure for which they are started; an older one than before is refused
     * @return completes when all work; fails when a critical one has failed, the start was refused,
     *     or the services were stopped meanwhile
     */
    public CompletionStage<Void> startAll(Epoch asOf) {
        synchronized (lock) {
            if (closed || asOf.isBefore(epoch)) {
                return CompletableFuture.failedFuture(
                        new IllegalStateException(
                                "services of instance "
                                        + instance
                                        + " are not started for epoch "
                                        + asOf
                                        + (closed
                                                ? ": this node is stopping"
                                                : ": epoch "
                                                        + epoch
                                                        + " is known; read the state again")));
            }
            epoch = asOf;
            if (!wanted) {
                wanted = true;
                generation++;
                starting = new CompletableFuture<>();
                CompletableFuture<Void> begun = starting;
                stopping.whenComplete((done, problem) -> begin(begun));
            }
            return starting.minimalCompletionStage();
        }
    }

    /**
     * Stops all services. Idempotent; a {@link StopMode#KILL} overtakes an orderly stop in
     * progress.
     *
     * @return completes when no process of theirs runs; fails if one could not be ended; what
     *     depends on it must not block
     */
    public CompletionStage<Void> stopAll(StopMode mode) {
        boolean already;
        CompletableFuture<Void> cut;
        CompletableFuture<Void> done;
        CompletableFuture<Void> launched;
        synchronized (lock) {
            already = !stopping.isDone();
            if (!already) {
                stopping = new CompletableFuture<>();
            }
            wanted = false;
            generation++;
            ticking.ifPresent(tick -> tick.cancel(false));
            ticking = Optional.empty();
            cut = starting;
            done = stopping;
            launched =
                    CompletableFuture.allOf(
                            services.stream()
                                    .map(SupervisedService::quiesce)
                                    .toArray(CompletableFuture[]::new));
        }
        cut.completeExceptionally(
                new IllegalStateException("services of instance " + instance + " are stopped"));
        if (mode == StopMode.KILL) {
            killAll();
        }
        if (!already) {
            Duration limit = mode == StopMode.KILL ? Duration.ZERO : timers.stopLimit();
            launched.whenComplete((all, problem) -> stopSoon(done, limit));
        }
        return done.minimalCompletionStage();
    }

    /** Returns what is known of each service, in order. */
    public List<ServiceFacts> facts() {
        synchronized (lock) {
            return services.stream().map(SupervisedService::facts).toList();
        }
    }

    /** Kills what runs and refuses further starts. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
        }
        stopAll(StopMode.KILL);
    }

    private void begin(CompletableFuture<Void> begun) {
        synchronized (lock) {
            if (!wanted || starting != begun) {
                return;
            }
            try {
                ticking =
                        Optional.of(
                                timer.scheduleWithFixedDelay(
                                        this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS));
            } catch (RejectedExecutionException e) {
                begun.completeExceptionally(e);
            }
        }
    }

    private void tick() {
        try {
            synchronized (lock) {
                advance();
            }
        } catch (RuntimeException e) {
            // A tick that throws would end the timer and with it all supervision.
            LOG.log(System.Logger.Level.ERROR, "supervising instance " + instance, e);
        }
    }

    private void advance() {
        if (!wanted) {
            return;
        }
        boolean mayStart = true;
        for (SupervisedService service : services) {
            ServiceCondition before = service.condition();
            SupervisedService.Step step = service.next(nanos.getAsLong(), mayStart);
            report(service, before);
            if (step != SupervisedService.Step.NOTHING) {
                dispatch(service, step);
            }
            mayStart &= service.letsOthersStart();
        }
        settleStart();
    }

    private void settleStart() {
        if (starting.isDone()) {
            return;
        }
        Optional<SupervisedService> failed =
                services.stream().filter(SupervisedService::hasFailedCritically).findFirst();
        if (failed.isPresent()) {
            starting.completeExceptionally(
                    new IOException(failed.get().facts().problem().orElse("a service failed")));
        } else if (services.stream().allMatch(SupervisedService::letsOthersStart)) {
            starting.complete(null);
        }
    }

    private void report(SupervisedService service, ServiceCondition before) {
        if (service.condition() != before) {
            listener.changed(instance, service.facts());
        }
    }

    private void dispatch(SupervisedService service, SupervisedService.Step step) {
        long current = generation;
        long ticket = service.ticket();
        Epoch asOf = epoch;
        try {
            workers.execute(
                    () -> {
                        if (step == SupervisedService.Step.LAUNCH) {
                            launch(service, ticket, asOf, current);
                        } else {
                            probe(service, ticket);
                        }
                    });
        } catch (RejectedExecutionException full) {
            service.postponed();
        }
    }

    private void launch(SupervisedService service, long ticket, Epoch asOf, long current) {
        CompletableFuture<Void> launching = service.launching();
        ServiceConfiguration configuration = service.configuration();
        try {
            Optional<Child> old = service.child();
            if (old.isPresent()) {
                old.get().kill();
            }
            if (configuration.kind() == ServiceKind.PROBE) {
                after(service, ticket, service::launchedNothing);
                return;
            }
            if (current != generationNow()) {
                return;
            }
            Child child = commands.start(configuration, asOf);
            if (!after(service, ticket, now -> service.launched(child, now))) {
                child.kill();
            }
        } catch (IOException | RuntimeException e) {
            String why = String.valueOf(e.getMessage());
            after(service, ticket, now -> service.launchFailed(why, now));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            after(service, ticket, now -> service.launchFailed("its start was interrupted", now));
        } finally {
            launching.complete(null);
        }
    }

    private void probe(SupervisedService service, long ticket) {
        ServiceConfiguration configuration = service.configuration();
        try {
            commands.rotateLog(configuration);
            ProbeResult result =
                    Prober.ask(
                            configuration.probe(),
                            (command, limit) ->
                                    commands.run(configuration, command, epochNow(), limit),
                            timers.probeLimit());
            after(service, ticket, now -> service.probed(result, now));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            after(service, ticket, now -> service.postponed());
        } catch (RuntimeException e) {
            ProbeResult bad = ProbeResult.bad("its probe cannot be run: " + e.getMessage());
            after(service, ticket, now -> service.probed(bad, now));
        }
    }

    private interface Change {
        void apply(long now);
    }

    /** Applies a worker's result, unless its step was voided meanwhile. */
    private boolean after(SupervisedService service, long ticket, Change change) {
        synchronized (lock) {
            if (ticket != service.ticket()) {
                return false;
            }
            ServiceCondition before = service.condition();
            change.apply(nanos.getAsLong());
            report(service, before);
            advance();
            return true;
        }
    }

    private long generationNow() {
        synchronized (lock) {
            return generation;
        }
    }

    private Epoch epochNow() {
        synchronized (lock) {
            return epoch;
        }
    }

    private void killAll() {
        for (SupervisedService service : services) {
            try {
                Optional<Child> child = service.child();
                if (child.isPresent()) {
                    child.get().kill();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void stopSoon(CompletableFuture<Void> done, Duration limit) {
        if (limit.isZero()) {
            stopNow(done, limit);
            return;
        }
        try {
            workers.execute(() -> stopNow(done, limit));
        } catch (RejectedExecutionException full) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "no worker is free to stop instance {0} in order; its services are killed",
                    instance);
            killAll();
            stopNow(done, Duration.ZERO);
        }
    }

    private void stopNow(CompletableFuture<Void> done, Duration limit) {
        long deadline = nanos.getAsLong() + limit.toNanos();
        try {
            for (int i = services.size() - 1; i >= 0; i--) {
                stopOne(services.get(i), deadline);
            }
            done.complete(null);
        } catch (IOException | RuntimeException e) {
            done.completeExceptionally(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            done.completeExceptionally(e);
        }
    }

    private void stopOne(SupervisedService service, long deadline)
            throws IOException, InterruptedException {
        Optional<Child> child = service.child();
        if (child.isPresent() && child.get().alive()) {
            if (!left(deadline).isZero()) {
                commands.askToStop(
                        service.configuration(), child.get(), epochNow(), left(deadline));
            }
            child.get().end(left(deadline));
            if (child.get().alive()) {
                throw new IOException(
                        "service '"
                                + service.configuration().name()
                                + "' (process "
                                + child.get().pid()
                                + ") cannot be killed; restart the host");
            }
        }
        synchronized (lock) {
            ServiceCondition before = service.condition();
            service.stopped();
            report(service, before);
        }
    }

    private Duration left(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - nanos.getAsLong()));
    }
}
