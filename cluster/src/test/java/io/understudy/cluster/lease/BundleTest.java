package io.understudy.cluster.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Every answer of a bundle is held against what really was in the text while the call was open. A
 * failing seed is named in the message.
 */
class BundleTest {

    private static final String NAME = "text";
    private static final int SEEDS = 3000;

    private record Asked(
            String key,
            boolean write,
            Optional<String> expected,
            String next,
            long from,
            CompletableFuture<?> answer,
            long[] until) {}

    /** What a key held from a moment on. */
    private record Held(long from, Optional<String> value) {}

    @Test
    void eachCallIsAnsweredAsIfItWereAloneWithItsKey() {
        int applied = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            applied += run(seed, seed % 3 == 0 ? 0.2 : 0);
        }
        assertTrue(applied > SEEDS, "something was written: " + applied);
    }

    private static int run(long seed, double trouble) {
        Random random = new Random(seed);
        TextWorld world = new TextWorld(seed, trouble);
        List<Bundle> members = List.of(open(world), open(world), open(world));
        List<Asked> asked = new ArrayList<>();
        Map<String, Optional<String>> guess = new HashMap<>();
        for (int i = 0; i < 60; i++) {
            Bundle member = members.get(random.nextInt(members.size()));
            String key = "k" + random.nextInt(4);
            boolean write = random.nextInt(3) > 0;
            String next = "v" + seed + "-" + i;
            Optional<String> expected =
                    random.nextInt(4) == 0
                            ? Optional.of("nonsense")
                            : guess.getOrDefault(key, Optional.empty());
            CompletableFuture<?> answer =
                    write
                            ? member.compareAndSet(key, expected, next)
                            : member.read(key).thenApply(v -> remember(guess, key, v));
            long[] until = new long[] {Long.MAX_VALUE};
            asked.add(new Asked(key, write, expected, next, world.now(), answer, until));
            answer.whenComplete((v, e) -> until[0] = world.now());
            if (write) {
                answer.whenComplete(
                        (v, e) -> {
                            if (Boolean.TRUE.equals(v)) {
                                guess.put(key, Optional.of(next));
                            }
                        });
            }
            if (random.nextInt(30) == 0) {
                answer.cancel(false);
            }
            for (int s = random.nextInt(6); s > 0; s--) {
                world.step();
            }
        }
        while (world.step()) {
            // Everything that was begun comes to its end.
        }
        Map<String, List<Held>> truth = truth(world);
        int applied = 0;
        for (Asked a : asked) {
            applied += check(a, truth, "seed " + seed);
        }
        return applied;
    }

    private static Object remember(
            Map<String, Optional<String>> guess, String key, Optional<String> value) {
        guess.put(key, value);
        return value;
    }

    private static Bundle open(TextWorld world) {
        CompletableFuture<TextRegister> register = world.open(NAME);
        while (!register.isDone()) {
            world.step();
        }
        return new Bundle(register.join(), world);
    }

    private static Map<String, List<Held>> truth(TextWorld world) {
        Map<String, List<Held>> truth = new HashMap<>();
        for (int k = 0; k < 4; k++) {
            truth.computeIfAbsent("k" + k, x -> new ArrayList<>())
                    .add(new Held(0, Optional.empty()));
        }
        for (TextWorld.Written written : world.log()) {
            BundleText.decode(written.text())
                    .values()
                    .forEach(
                            (key, value) -> {
                                List<Held> held = truth.get(key);
                                if (!held.get(held.size() - 1).value().equals(Optional.of(value))) {
                                    held.add(new Held(written.at(), Optional.of(value)));
                                }
                            });
        }
        return truth;
    }

    private static int check(Asked a, Map<String, List<Held>> truth, String seed) {
        assertTrue(a.answer().isDone(), seed + ": never answered: " + a);
        List<Held> held = truth.get(a.key());
        int made = -1;
        for (int i = 1; i < held.size(); i++) {
            if (a.write() && held.get(i).value().equals(Optional.of(a.next()))) {
                assertEquals(-1, made, seed + ": written twice: " + a);
                made = i;
                assertEquals(a.expected(), held.get(i - 1).value(), seed + ": over another: " + a);
            }
        }
        if (a.answer().isCompletedExceptionally()) {
            return made >= 0 ? 1 : 0;
        }
        Object answer = a.answer().join();
        if (a.write() && Boolean.TRUE.equals(answer)) {
            if (made < 0
                    || held.get(made).from() < a.from()
                    || held.get(made).from() > a.until()[0]) {
                fail(seed + ": said to be written: " + a + " of " + held);
            }
            return 1;
        }
        assertEquals(-1, made, seed + ": said not to be written: " + a);
        boolean seen = false;
        for (int i = 0; i < held.size(); i++) {
            long until = i + 1 < held.size() ? held.get(i + 1).from() : Long.MAX_VALUE;
            boolean during = held.get(i).from() <= a.until()[0] && until >= a.from();
            boolean fits =
                    a.write()
                            ? !held.get(i).value().equals(a.expected())
                            : held.get(i).value().equals(answer);
            seen |= during && fits;
        }
        assertTrue(seen, seed + ": never so while it was asked: " + a + " of " + held);
        return 0;
    }

    @Test
    void whatIsAskedTogetherTravelsTogether() {
        TextWorld world = new TextWorld(1, 0);
        Bundle bundle = open(world);
        List<CompletableFuture<Boolean>> claims = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            claims.add(bundle.compareAndSet("k" + i, Optional.empty(), "a"));
        }
        while (world.step()) {
            // Until all is done.
        }
        assertTrue(claims.stream().allMatch(CompletableFuture::join));
        assertEquals(1, world.log().size());

        List<CompletableFuture<Boolean>> renewals = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            renewals.add(bundle.compareAndSet("k" + i, Optional.of("a"), "b"));
        }
        while (world.step()) {
            // Until all is done.
        }
        assertTrue(renewals.stream().allMatch(CompletableFuture::join));
        assertEquals(2, world.log().size());
    }

    @Test
    void aTextThatCannotBeReadFailsTheCallsAndNoMore() {
        TextWorld world = new TextWorld(1, 0);
        CompletableFuture<TextRegister> register = world.open(NAME);
        while (world.step()) {
            // Until it is open.
        }
        register.join().compareAndSet(Optional.empty(), "no bundle");
        Bundle bundle = new Bundle(register.join(), world);
        while (world.step()) {
            // Until it is written.
        }
        CompletableFuture<Optional<String>> read = bundle.read("k");
        while (world.step()) {
            // Until all is done.
        }
        assertTrue(read.isCompletedExceptionally());
    }
}
