package io.understudy.cluster.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.lease.Epoch;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.node.NodeName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LeasePlacesTest {

    private static final int SEEDS = 3000;

    /** A member that begins anew when it learns of a reset, as the store does. */
    private static final class Member {
        private final TextWorld world;
        private final String name;
        private LeasePlaces places;

        Member(TextWorld world, String name) {
            this.world = world;
            this.name = name;
            this.places = new LeasePlaces(name, world::open, world, world::now);
        }

        CompletableFuture<?> claim(String instance, String value) {
            LeasePlaces now = places;
            return now.giveTo(instance)
                    .thenCompose(b -> b.compareAndSet(instance, Optional.empty(), value))
                    .whenComplete((v, e) -> learn(now, e));
        }

        CompletableFuture<?> read(String instance) {
            LeasePlaces now = places;
            return now.of(instance)
                    .thenCompose(
                            b ->
                                    b.map(bundle -> bundle.read(instance))
                                            .orElse(
                                                    CompletableFuture.completedFuture(
                                                            Optional.empty())))
                    .whenComplete((v, e) -> learn(now, e));
        }

        CompletableFuture<?> form() {
            LeasePlaces now = places;
            return now.form(true).whenComplete((v, e) -> learn(now, e));
        }

        private void learn(LeasePlaces now, Throwable error) {
            if (error != null && HazelcastRegister.isGone(error) && places == now) {
                places = new LeasePlaces(name, world::open, world, world::now);
            }
        }
    }

    @Test
    void inOneLifeOfTheStoreALeaseIsKeptInOnePlace() {
        int resets = 0;
        int written = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            TextWorld world = new TextWorld(seed, seed % 2 == 0 ? 0.1 : 0);
            Random random = new Random(seed);
            List<Member> members = List.of(new Member(world, "alpha"), new Member(world, "beta"));
            List<CompletableFuture<?>> calls = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                Member member = members.get(random.nextInt(2));
                String instance = "i" + random.nextInt(2);
                switch (random.nextInt(7)) {
                    case 0, 1 -> calls.add(member.read(instance));
                    case 2 -> calls.add(member.form());
                    default -> calls.add(member.claim(instance, "v" + i));
                }
                for (int s = random.nextInt(12); s > 0; s--) {
                    world.step();
                }
                if (random.nextInt(12) == 0) {
                    world.reset();
                    resets++;
                }
            }
            while (world.step()) {
                // Everything that was begun comes to its end.
            }
            for (CompletableFuture<?> call : calls) {
                assertTrue(call.isDone(), "seed " + seed + ": a call was never answered");
            }
            written += checkOnePlace(world, seed);
        }
        assertTrue(resets > SEEDS && written > SEEDS, resets + " resets, " + written + " writes");
    }

    private static int checkOnePlace(TextWorld world, long seed) {
        Map<String, String> placeOf = new HashMap<>();
        int written = 0;
        for (TextWorld.Written each : world.log()) {
            if (each.name().startsWith("leases-")) {
                for (String instance : BundleText.decode(each.text()).values().keySet()) {
                    String before = placeOf.put(each.life() + " " + instance, each.name());
                    assertEquals(
                            before == null ? each.name() : before,
                            each.name(),
                            "seed " + seed + ": " + instance + " in life " + each.life());
                    written++;
                }
            }
        }
        return written;
    }

    @Test
    void watchedIsOnlyThisLifeOfTheStore() {
        for (long seed = 0; seed < SEEDS; seed++) {
            TextWorld world = new TextWorld(seed, 0.1);
            Random random = new Random(seed);
            Member member = new Member(world, "alpha");
            long resetAt = 0;
            for (int i = 0; i < 20; i++) {
                LeasePlaces asked = member.places;
                long before = world.now();
                CompletableFuture<?> call =
                        random.nextInt(2) == 0 ? member.form() : member.read("i");
                while (!call.isDone() && world.step()) {
                    if (random.nextInt(40) == 0) {
                        world.reset();
                        resetAt = world.now();
                    }
                }
                boolean answered = call.isDone() && !call.isCompletedExceptionally();
                if (answered && before > resetAt) {
                    long since = asked.watchedSince().orElseThrow().nanos();
                    assertTrue(since >= resetAt, "seed " + seed + ": watched before the reset");
                }
            }
        }
    }

    @Test
    void whoHoldsMostLeads() {
        assertEquals(Optional.of(NodeName.of("beta")), leader("beta", "beta", "alpha"));
        assertEquals(Optional.of(NodeName.of("alpha")), leader("alpha", "beta"));
        assertEquals(Optional.of(NodeName.of("beta")), leader("beta"));
        assertEquals(Optional.of(NodeName.of("beta")), leader("gamma", "beta"));
    }

    /** Returns who should lead the text named after alpha if it keeps a lease for each holder. */
    private static Optional<NodeName> leader(String... holders) {
        TextWorld world = new TextWorld(1, 0);
        LeasePlaces places = new LeasePlaces("alpha", world::open, world, world::now);
        for (int i = 0; i < holders.length; i++) {
            String instance = "i" + i;
            String record = LeaseRecord.claimed(NodeName.of(holders[i]), new Epoch(2)).encoded();
            places.giveTo(instance)
                    .thenCompose(b -> b.compareAndSet(instance, Optional.empty(), record));
        }
        while (world.step()) {
            // Until all is done.
        }
        return places.leaderOf(places.nameOf("i0").orElseThrow());
    }
}
