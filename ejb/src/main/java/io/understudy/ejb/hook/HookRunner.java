package io.understudy.ejb.hook;

import io.understudy.core.config.Hook;
import io.understudy.core.config.Hook.Moment;
import io.understudy.core.config.InstanceConfiguration;
import io.understudy.core.config.VirtualAddress;
import io.understudy.core.lease.Epoch;
import io.understudy.core.node.NodeName;
import io.understudy.ejb.guard.Children;
import io.understudy.ejb.process.CommandResult;
import io.understudy.ejb.process.Launch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;

/**
 * Runs an instance's hooks: each with a limit at which it is killed with all that it started. What
 * fails is told; only a required one keeps the instance from here. Safe for use by several threads.
 */
public final class HookRunner {

    private static final System.Logger LOG = System.getLogger(HookRunner.class.getName());
    private static final int MOST_OUTPUT = 4_000;

    private final NodeName self;
    private final Path data;
    private final Children children;
    private final Executor workers;
    private final Listener listener;

    /** Hears of hooks that failed. */
    @FunctionalInterface
    public interface Listener {
        /**
         * @param hook its moment, as a group file has it
         * @param why one clause
         */
        void failed(InstanceConfiguration instance, String hook, String why);
    }

    /**
     * @param data the data directory, in which they run
     * @param workers run those that nobody waits for
     */
    public HookRunner(
            NodeName self, Path data, Children children, Executor workers, Listener listener) {
        this.self = self;
        this.data = data;
        this.children = children;
        this.workers = workers;
        this.listener = listener;
    }

    /**
     * Runs a hook and waits for it, up to its limit; nothing happens where there is none.
     *
     * @throws IOException if it failed and is required
     * @throws InterruptedException if the thread is interrupted
     */
    public void run(InstanceConfiguration instance, Moment moment, Epoch epoch)
            throws IOException, InterruptedException {
        Optional<Hook> hook = of(instance, moment);
        if (hook.isEmpty()) {
            return;
        }
        Optional<String> why = failure(instance, hook.get(), epoch);
        if (why.isPresent()) {
            listener.failed(instance, word(moment), why.get());
            if (hook.get().required()) {
                throw new IOException(
                        "the required hook "
                                + word(moment)
                                + " of "
                                + instance.name()
                                + " failed: "
                                + why.get());
            }
        }
    }

    /** Has a hook run by a worker; waits for nothing. */
    public void begin(InstanceConfiguration instance, Moment moment, Epoch epoch) {
        if (of(instance, moment).isEmpty()) {
            return;
        }
        try {
            workers.execute(() -> runAlone(instance, moment, epoch));
        } catch (RejectedExecutionException stopping) {
            listener.failed(instance, word(moment), "the node is stopping or overloaded");
        }
    }

    private void runAlone(InstanceConfiguration instance, Moment moment, Epoch epoch) {
        try {
            run(instance, moment, epoch);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<String> failure(InstanceConfiguration instance, Hook hook, Epoch epoch)
            throws InterruptedException {
        long began = System.nanoTime();
        try {
            CommandResult result = children.run(launch(instance, hook, epoch), "", hook.limit());
            LOG.log(
                    System.Logger.Level.INFO,
                    "hook {0} of {1}: status {2} after {3} ms {4}",
                    word(hook.moment()),
                    instance.name(),
                    result.status(),
                    (System.nanoTime() - began) / 1_000_000,
                    cut(result.output()));
            if (result.timedOut()) {
                return Optional.of("it had not ended after " + hook.limit().toMillis() + " ms");
            }
            return result.succeeded()
                    ? Optional.empty()
                    : Optional.of("status " + result.status() + " " + result.lastLine());
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private Launch launch(InstanceConfiguration instance, Hook hook, Epoch epoch) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("UNDERSTUDY_HOOK", word(hook.moment()));
        environment.put("UNDERSTUDY_INSTANCE", instance.name().value());
        environment.put("UNDERSTUDY_NODE", self.value());
        environment.put("UNDERSTUDY_EPOCH", epoch.toString());
        environment.put(
                "UNDERSTUDY_ADDRESSES",
                instance.virtualAddresses().stream()
                        .map(VirtualAddress::address)
                        .map(String::valueOf)
                        .collect(Collectors.joining(" ")));
        return new Launch(
                "hook " + word(hook.moment()) + " of " + instance.name(),
                hook.run(),
                environment,
                true,
                data,
                data.resolve("hooks.log"),
                Optional.empty());
    }

    private static Optional<Hook> of(InstanceConfiguration instance, Moment moment) {
        return instance.hooks().stream().filter(h -> h.moment() == moment).findFirst();
    }

    private static String word(Moment moment) {
        return moment.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    private static String cut(String output) {
        String text = output.strip();
        return text.length() <= MOST_OUTPUT ? text : text.substring(0, MOST_OUTPUT) + " ...";
    }
}
