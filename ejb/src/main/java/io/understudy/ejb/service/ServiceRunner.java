package io.understudy.ejb.service;

import io.understudy.core.config.InstanceConfiguration;
import io.understudy.core.config.ServiceConfiguration;
import io.understudy.core.config.ServiceOrder;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.service.ServiceCondition;
import io.understudy.core.service.ServiceFacts;
import io.understudy.core.timing.Timers;
import io.understudy.ejb.volume.VolumeWatch;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Runs the services of one instance on this node: starts them in order, watches and restarts them,
 * stops them in reverse order. It owns no thread: the timer and the workers are shared by all
 * instances. No method blocks, except {@link #stopAll} with {@link StopMode#KILL}, which takes
 * milliseconds. Safe for use by several threads.
 */
public final class ServiceRunner implements AutoCloseable {

    /** How often services are looked at that do not tell of their end, or are not all well. */
    public static final Duration TICK = Duration.ofMillis(50);

    private final InstanceName instance;
    private final ServiceSteps steps;
    private final ServiceStop stop;
    private final Map<String, List<String>> after;
    private final Timers timers;
    private final Ticks ticks;
    private final Ticks.Look look = this::tick;
    private final boolean endsAreTold;
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

    /**
     * Does nothing yet.
     *
     * @param instance whose services these are
     * @param timers probe interval and limits
     * @param bodies makes what each service consists of
     * @param ticks one beat for all instances; what is done with it here never blocks
     * @param workers a bounded pool for all instances; its tasks here block, each within a limit
     * @param nanos the monotonic clock
     * @param listener hears every change of condition
     */
    public ServiceRunner(
            InstanceConfiguration instance,
            Timers timers,
            ServiceBodies bodies,
            Ticks ticks,
            Executor workers,
            LongSupplier nanos,
            ServiceListener listener) {
        this.instance = instance.name();
        this.steps = new ServiceSteps(bodies.commands(), bodies.jdbc(), timers);
        this.timers = Objects.requireNonNull(timers, "timers");
        this.ticks = Objects.requireNonNull(ticks, "ticks");
        this.workers = Objects.requireNonNull(workers, "workers");
        this.nanos = Objects.requireNonNull(nanos, "nanos");
        this.listener = Objects.requireNonNull(listener, "listener");
        this.stop = new ServiceStop(instance.name(), workers, nanos, this::epochNow, this::changed);
        this.after = ServiceOrder.after(instance.services());
        for (ServiceConfiguration service : ServiceOrder.of(instance.services())) {
            // What is watched at all times is not started or stopped with the instance.
            if (!VolumeWatch.isStanding(service)) {
                services.add(new SupervisedService(service, bodies.of(service, timers), timers));
            }
        }
        this.endsAreTold = SupervisedService.tellEnds(services, () -> ticks.soon(look));
    }

    /**
     * Starts all services in order; each waits until those it comes after work. Idempotent:
     * services that run already go on running, also when {@code asOf} is newer; a critical one that
     * has failed is tried anew. A stop in progress is finished first.
     *
     * @param asOf the tenure for which they are started; an older one than before is refused
     * @return completes when all work; fails when a critical one has failed, the start was refused,
     *     or the services were stopped meanwhile
     */
    public CompletionStage<Void> startAll(Epoch asOf) {
        synchronized (lock) {
            if (closed || asOf.isBefore(epoch)) {
                String why = closed ? "this node is stopping" : "epoch " + epoch + " is known";
                return CompletableFuture.failedFuture(
                        new IllegalStateException(
                                "services of instance %s are not started for epoch %s: %s"
                                        .formatted(instance, asOf, why)));
            }
            epoch = asOf;
            if (!wanted) {
                wanted = true;
                generation++;
                starting = new CompletableFuture<>();
                CompletableFuture<Void> begun = starting;
                stopping.whenComplete((done, problem) -> begin(begun));
            } else if (starting.isDone()
                    && services.stream().anyMatch(SupervisedService::hasFailedCritically)) {
                services.forEach(SupervisedService::again);
                starting = new CompletableFuture<>();
                advance();
                ticks.soon(look);
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
            ticks.end(look);
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
            ServiceStop.kill(services);
        }
        if (!already) {
            Duration limit = mode == StopMode.KILL ? Duration.ZERO : timers.stopLimit();
            launched.whenComplete((all, problem) -> stop.soon(services, done, limit));
        }
        return done.minimalCompletionStage();
    }

    /** While {@code hold}, what runs is watched and not restarted: somebody works on it. */
    public void handsOff(boolean hold) {
        services.forEach(service -> service.handsOff(hold));
        ticks.soon(look);
    }

    /** Returns what is known of each service, in order. */
    public List<ServiceFacts> facts() {
        synchronized (lock) {
            return services.stream().map(SupervisedService::facts).toList();
        }
    }

    /** Returns the services; for questions that need no lock. */
    List<SupervisedService> supervised() {
        return List.copyOf(services);
    }

    /** Returns the configuration of the service named {@code name}. */
    public Optional<ServiceConfiguration> service(String name) {
        return named(name).map(SupervisedService::configuration);
    }

    /**
     * Starts a service by hand; its condition tells how it gets on. Returns false if the services
     * are not to run here, or there is none of that name.
     */
    public boolean startByHand(String name) {
        synchronized (lock) {
            if (!wanted || named(name).isEmpty()) {
                return false;
            }
            changed(named(name).get(), SupervisedService::startByHand);
            advance();
            ticks.soon(look);
            return true;
        }
    }

    /**
     * Stops one service by hand, until it is started by hand or with its instance.
     *
     * @return completes when nothing of it runs; fails if it could not be stopped
     */
    public CompletionStage<Void> stopByHand(String name) {
        SupervisedService service;
        CompletableFuture<Void> begun;
        CompletableFuture<Void> done = new CompletableFuture<>();
        synchronized (lock) {
            if (!wanted || named(name).isEmpty()) {
                return CompletableFuture.failedFuture(
                        new IllegalStateException(
                                "service '" + name + "' is not to run here at present"));
            }
            service = named(name).get();
            begun = service.beginManualStop();
            ticks.soon(look);
        }
        long ticket = service.ticket();
        stop.byHandSoon(
                service,
                begun,
                timers.stopLimit(),
                done,
                change -> after(service, ticket, now -> change.accept(service)));
        return done.minimalCompletionStage();
    }

    private Optional<SupervisedService> named(String name) {
        return services.stream().filter(s -> s.name().equals(name)).findFirst();
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
                ticks.begin(look);
            } catch (RejectedExecutionException e) {
                begun.completeExceptionally(e);
            }
        }
    }

    private long tick() {
        synchronized (lock) {
            long rest = SupervisedService.settledFor(services, nanos.getAsLong());
            if (rest <= 0) {
                advance();
            }
            return endsAreTold ? rest : 0;
        }
    }

    private void advance() {
        if (!wanted) {
            return;
        }
        Set<String> waiting = new HashSet<>();
        for (SupervisedService service : services) {
            ServiceCondition before = service.condition();
            boolean mayStart = after.get(service.name()).stream().noneMatch(waiting::contains);
            SupervisedService.Step step = service.next(nanos.getAsLong(), mayStart);
            report(service, before);
            if (step != SupervisedService.Step.NOTHING) {
                dispatch(service, step);
            }
            if (!mayStart || !service.letsOthersStart()) {
                waiting.add(service.name());
            }
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
        try {
            if (current != generationNow()) {
                return;
            }
            service.body().start(asOf);
            if (!after(service, ticket, service::launched)) {
                service.body().kill();
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
        try {
            ProbeResult result = steps.probe(service, epochNow());
            after(service, ticket, now -> service.probed(result, now));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            after(service, ticket, now -> service.postponed());
        }
    }

    /** Applies a worker's result, unless its step was voided meanwhile. */
    private boolean after(SupervisedService service, long ticket, LongConsumer change) {
        synchronized (lock) {
            if (ticket != service.ticket()) {
                return false;
            }
            ServiceCondition before = service.condition();
            change.accept(nanos.getAsLong());
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

    private void changed(SupervisedService service, Consumer<SupervisedService> change) {
        synchronized (lock) {
            ServiceCondition before = service.condition();
            change.accept(service);
            report(service, before);
        }
    }
}
