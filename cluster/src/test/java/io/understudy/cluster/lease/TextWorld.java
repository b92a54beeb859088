package io.understudy.cluster.lease;

import com.hazelcast.cp.exception.CPGroupDestroyedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Texts in memory and everything around them in one thread: what is to be done next is chosen at
 * random, writes may be made before or after their caller hears that nobody knows, and a reset
 * makes all that was opened before it dead.
 */
final class TextWorld implements Executor {

    private final Random random;
    private final double trouble;
    private final List<Runnable> tasks = new ArrayList<>();
    private final Map<String, Text> texts = new HashMap<>();
    private final List<Written> log = new ArrayList<>();
    private int life;
    private long clock;

    /** A text was written. */
    record Written(long at, int life, String name, String text) {}

    private static final class Text {
        private Optional<String> value = Optional.empty();
    }

    /**
     * @param trouble how often the outcome of a call stays unknown, 0 to 1
     */
    TextWorld(long seed, double trouble) {
        this.random = new Random(seed);
        this.trouble = trouble;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** Does one of the things that are to be done; false if there is none. */
    boolean step() {
        clock++;
        if (tasks.isEmpty()) {
            return false;
        }
        tasks.remove(random.nextInt(tasks.size())).run();
        return true;
    }

    long now() {
        return clock;
    }

    List<Written> log() {
        return log;
    }

    int life() {
        return life;
    }

    /** Forgets all texts; registers opened before are dead. */
    void reset() {
        life++;
        texts.clear();
    }

    /** Opens a register some time later. */
    CompletableFuture<TextRegister> open(String name) {
        CompletableFuture<TextRegister> opened = new CompletableFuture<>();
        execute(
                () -> {
                    int opening = life;
                    execute(() -> opened.complete(new Register(name, opening)));
                });
        return opened;
    }

    private final class Register implements TextRegister {
        private final String name;
        private final int opened;

        private Register(String name, int opened) {
            this.name = name;
            this.opened = opened;
        }

        @Override
        public CompletionStage<Optional<String>> get() {
            return call(() -> text().value);
        }

        @Override
        public CompletionStage<Boolean> compareAndSet(Optional<String> expected, String next) {
            return call(
                    () -> {
                        Text text = text();
                        if (!text.value.equals(expected)) {
                            return false;
                        }
                        text.value = Optional.of(next);
                        log.add(new Written(clock, life, name, next));
                        return true;
                    });
        }

        private Text text() {
            if (opened != life) {
                throw new CPGroupDestroyedException();
            }
            return texts.computeIfAbsent(name, n -> new Text());
        }

        private <T> CompletionStage<T> call(Supplier<T> operation) {
            CompletableFuture<T> answer = new CompletableFuture<>();
            boolean unknown = random.nextDouble() < trouble;
            if (unknown) {
                execute(() -> answer.completeExceptionally(new IllegalStateException("unknown")));
            }
            if (!unknown || random.nextBoolean()) {
                execute(
                        () -> {
                            try {
                                T value = operation.get();
                                execute(() -> answer.complete(value));
                            } catch (CPGroupDestroyedException e) {
                                execute(() -> answer.completeExceptionally(e));
                            }
                        });
            }
            return answer;
        }
    }
}
