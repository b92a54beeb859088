package io.understudy.ejb.service;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Ends services; every method but {@link #kill} blocks. */
final class ServiceStop {

    private static final System.Logger LOG = System.getLogger(ServiceStop.class.getName());

    private final InstanceName instance;
    private final Executor workers;
    private final LongSupplier nanos;
    private final Supplier<Epoch> epoch;
    private final Changes changes;

    /** Applies a change of a service's state under the runner's lock, and reports it. */
    interface Changes {
        void apply(SupervisedService service, Consumer<SupervisedService> change);
    }

    ServiceStop(
            InstanceName instance,
            Executor workers,
            LongSupplier nanos,
            Supplier<Epoch> epoch,
            Changes changes) {
        this.instance = instance;
        this.workers = workers;
        this.nanos = nanos;
        this.epoch = epoch;
        this.changes = changes;
    }

    /** Sends SIGKILL to all; takes milliseconds. */
    static void kill(List<SupervisedService> services) {
        for (SupervisedService service : services) {
            try {
                service.body().kill();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Like {@link #all}, on a worker, unless that takes milliseconds only. */
    void soon(List<SupervisedService> services, CompletableFuture<Void> done, Duration limit) {
        boolean outside = services.stream().anyMatch(s -> s.configuration().kind().isOutside());
        if (limit.isZero() && !outside) {
            all(services, done, limit);
            return;
        }
        try {
            workers.execute(() -> all(services, done, limit));
        } catch (RejectedExecutionException full) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "no worker is free to stop instance {0} in order; its services are killed",
                    instance);
            kill(services);
            all(services, done, Duration.ZERO);
        }
    }

    /**
     * Ends all in reverse order.
     *
     * @param done fails with the first that could not be ended, after all others were
     * @param limit for all together; zero: by force
     */
    void all(List<SupervisedService> services, CompletableFuture<Void> done, Duration limit) {
        long deadline = nanos.getAsLong() + limit.toNanos();
        Optional<Exception> first = Optional.empty();
        for (int i = services.size() - 1; i >= 0; i--) {
            try {
                one(services.get(i), deadline);
            } catch (IOException | RuntimeException e) {
                first = first.isPresent() ? first : Optional.of(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                done.completeExceptionally(e);
                return;
            }
        }
        first.ifPresentOrElse(done::completeExceptionally, () -> done.complete(null));
    }

    private void one(SupervisedService service, long deadline)
            throws IOException, InterruptedException {
        Duration left = Duration.ofNanos(Math.max(0, deadline - nanos.getAsLong()));
        try {
            service.body().stop(epoch.get(), left);
            changes.apply(service, SupervisedService::stopped);
        } catch (IOException e) {
            changes.apply(service, s -> s.notStopped(e.getMessage()));
            throw e;
        }
    }

    /**
     * Ends one that an operator stops, on a worker.
     *
     * @param begun completes when no start of it is in progress
     * @param settle applies what came of it, unless its instance was stopped meanwhile
     */
    void byHandSoon(
            SupervisedService service,
            CompletableFuture<Void> begun,
            Duration limit,
            CompletableFuture<Void> done,
            Consumer<Consumer<SupervisedService>> settle) {
        begun.whenComplete(
                (launched, problem) -> {
                    try {
                        workers.execute(() -> byHand(service, limit, done, settle));
                    } catch (RejectedExecutionException full) {
                        settle.accept(SupervisedService::postponed);
                        done.completeExceptionally(full);
                    }
                });
    }

    private void byHand(
            SupervisedService service,
            Duration limit,
            CompletableFuture<Void> done,
            Consumer<Consumer<SupervisedService>> settle) {
        try {
            service.body().stop(epoch.get(), limit);
            settle.accept(SupervisedService::stoppedByHand);
            done.complete(null);
        } catch (IOException | RuntimeException e) {
            settle.accept(s -> s.notStopped(String.valueOf(e.getMessage())));
            done.completeExceptionally(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            done.completeExceptionally(e);
        }
    }
}
