package io.understudy.cli.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.config.VirtualAddress;
import io.understudy.core.instance.InstanceName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** With a kernel of the test's own that ends lifetimes as Linux does. */
class AddressKeeperTest {

    private static final long MILLI = 1_000_000;
    private static final InstanceName NMS = InstanceName.of("nms");
    private static final VirtualAddress ADDRESS =
            VirtualAddress.parse("10.77.0.100/24 dev eth0").orElseThrow();

    private long now = 5_000 * MILLI;
    private long until;
    private long goneAt = Long.MIN_VALUE;
    private boolean refuses;
    private long answersUntil;
    private final List<Long> announced = new ArrayList<>();
    private final List<Long> probed = new ArrayList<>();

    private final Kernel kernel =
            new Kernel() {
                @Override
                public void install(VirtualAddress address, int seconds) throws IOException {
                    if (refuses) {
                        throw new IOException(address + ": not permitted");
                    }
                    goneAt = now + seconds * 1_000 * MILLI;
                }

                @Override
                public void remove(VirtualAddress address) {
                    goneAt = now;
                }
            };

    private final AddressKeeper keeper =
            new AddressKeeper(
                    kernel,
                    new Wire() {
                        @Override
                        public void announce(VirtualAddress address) {
                            announced.add(now);
                        }

                        @Override
                        public void probe(VirtualAddress address) {
                            probed.add(now);
                        }
                    },
                    () -> now);

    private boolean here() {
        return now < goneAt;
    }

    /** Runs for a while as the guard does: ticks when asked to, at the latest. */
    private void run(long millis, boolean renewing) {
        long end = now + millis * MILLI;
        while (now < end) {
            if (renewing) {
                until = now + 2_000 * MILLI;
            }
            long wait = keeper.tick(instance -> OptionalLong.of(until));
            now = Math.min(end, now + Math.min(wait, 50 * MILLI));
        }
    }

    @Test
    void comesWithTheLeaseStaysWhileItIsRenewedAndIsAnnounced() {
        keeper.probe(List.of(ADDRESS));
        run(20, true);
        keeper.serve(NMS, List.of(ADDRESS));
        assertFalse(here());
        long began = now;
        run(30_000, true);
        assertTrue(here());
        assertTrue(keeper.anyHere());
        assertEquals(began, announced.get(0));
        assertEquals(began + 100 * MILLI, announced.get(1));
        assertEquals(began + 500 * MILLI, announced.get(2));
        assertEquals(began + 2_000 * MILLI, announced.get(3));
        assertEquals(6, announced.size(), "then every ten seconds");
    }

    @Test
    void whatTheKernelIsToldNeverOutlivesTheLease() {
        keeper.serve(NMS, List.of(ADDRESS));
        run(1_000, true);
        // No more renewals, and at every moment: if all stopped now, it would go in time.
        for (int i = 0; i < 60; i++) {
            assertTrue(goneAt <= until, (goneAt - until) / MILLI + " ms too long");
            run(50, false);
        }
        assertFalse(here());
        assertFalse(keeper.anyHere());
    }

    @Test
    void comesAgainWithALaterLease() {
        keeper.serve(NMS, List.of(ADDRESS));
        run(500, true);
        run(3_000, false);
        assertFalse(here());
        run(100, true);
        assertTrue(here());
    }

    @Test
    void goesAtOnceWhenReleased() {
        keeper.serve(NMS, List.of(ADDRESS));
        run(500, true);
        keeper.release(NMS);
        assertFalse(here());
        run(500, true);
        assertFalse(here());
    }

    @Test
    void withoutALeaseItDoesNotCome() {
        keeper.serve(NMS, List.of(ADDRESS));
        until = now;
        run(1_000, false);
        assertFalse(here());
        assertEquals(List.of(), announced);
    }

    @Test
    void aRivalIsAnsweredAtOnce() {
        keeper.serve(NMS, List.of(ADDRESS));
        run(5_000, true);
        int before = announced.size();
        assertFalse(keeper.rival(new byte[] {10, 77, 0, 101}, "another's address"));
        assertTrue(keeper.rival(ADDRESS.address().bytes(), "02:00:00:00:00:01"));
        run(1, true);
        assertEquals(before + 1, announced.size());
        run(1_000, true);
        assertEquals(before + 1, announced.size(), "once per claim");
    }

    @Test
    void twoThatAnswerEachOtherDoNotFillTheNetwork() {
        keeper.serve(NMS, List.of(ADDRESS));
        run(5_000, true);
        int before = announced.size();
        for (int i = 0; i < 200; i++) {
            keeper.rival(ADDRESS.address().bytes(), "02:00:00:00:00:01");
            run(5, true);
        }
        int more = announced.size() - before;
        assertTrue(more >= 4 && more <= 7, more + " announcements in a second");
    }

    @Test
    void theWireIsAskedBeforeItComesAndWhoAnsweredIsTold() {
        keeper.probe(List.of(ADDRESS));
        assertEquals(List.of(now), probed);
        keeper.rival(ADDRESS.address().bytes(), "02:00:00:00:00:01");
        assertTrue(keeper.rivals().get(0).before());
        run(50, true);
        keeper.serve(NMS, List.of(ADDRESS));
        assertEquals(1, probed.size(), "it was just asked");
        run(100, true);
        assertEquals(4, probed.size(), "again, as somebody answered");
        assertTrue(here());
        assertEquals("02:00:00:00:00:01", keeper.rivals().get(0).mac());
        run(1_000, true);
        keeper.rival(ADDRESS.address().bytes(), "02:00:00:00:00:02");
        assertFalse(keeper.rivals().get(0).before(), "came later");
        keeper.release(NMS);
        assertEquals(List.of(), keeper.rivals());
    }

    @Test
    void withoutANoticeItIsAskedWhenItComesAndNotAtRenewals() {
        keeper.serve(NMS, List.of(ADDRESS));
        assertEquals(1, probed.size());
        keeper.serve(NMS, List.of(ADDRESS));
        run(3_000, true);
        assertEquals(1, probed.size());
    }

    /** The old host's kernel answers until {@code answersUntil}, a millisecond after a question. */
    private void runBesideAnOldHost(long millis) {
        long end = now + millis * MILLI;
        int asked = 0;
        while (now < end) {
            run(1, true);
            if (probed.size() > asked && now < answersUntil) {
                keeper.rival(ADDRESS.address().bytes(), "02:00:00:00:00:01");
            }
            asked = probed.size();
        }
    }

    @Test
    void doesNotComeWhileTheOldHostStillAnswersForIt() {
        answersUntil = now + 400 * MILLI;
        keeper.probe(List.of(ADDRESS));
        runBesideAnOldHost(100);
        keeper.serve(NMS, List.of(ADDRESS));
        runBesideAnOldHost(299);
        assertFalse(here(), "an address must not be on two hosts");
        assertFalse(keeper.anyHere());
        runBesideAnOldHost(20);
        assertFalse(here(), "one answer may be late");
        runBesideAnOldHost(80);
        assertTrue(here(), "nobody answers any more");
        assertTrue(probed.size() >= 15 && probed.size() <= 30, probed.size() + " questions");
        assertFalse(announced.isEmpty());
        int before = probed.size();
        runBesideAnOldHost(1_000);
        assertEquals(before, probed.size(), "nothing is asked any more");
    }

    @Test
    void comesInTheEndThoughAnotherAnswersForEver() {
        answersUntil = Long.MAX_VALUE;
        keeper.serve(NMS, List.of(ADDRESS));
        runBesideAnOldHost(1_240);
        assertFalse(here());
        runBesideAnOldHost(40);
        assertTrue(here(), "the lease has settled whose it is, and no host keeps it for longer");
    }

    @Test
    void waitsForTheAnswerToItsOwnQuestion() {
        keeper.serve(NMS, List.of(ADDRESS));
        run(14, true);
        assertFalse(here(), "an answer may be on its way");
        run(2, true);
        assertTrue(here());
    }

    @Test
    void doesNotWaitWhereNobodyAnsweredBeforeAndComesBackWithoutAsking() {
        keeper.probe(List.of(ADDRESS));
        run(50, true);
        keeper.serve(NMS, List.of(ADDRESS));
        run(1, true);
        assertTrue(here());
    }

    @Test
    void aLeaseThatEndsWhileItWaitsBringsNothing() {
        answersUntil = Long.MAX_VALUE;
        keeper.serve(NMS, List.of(ADDRESS));
        runBesideAnOldHost(200);
        keeper.release(NMS);
        runBesideAnOldHost(2_000);
        assertFalse(here());
        assertEquals(List.of(), announced);
    }

    @Test
    void aRefusalIsTriedAgain() {
        refuses = true;
        keeper.serve(NMS, List.of(ADDRESS));
        run(500, true);
        assertFalse(keeper.anyHere());
        refuses = false;
        run(300, true);
        assertTrue(here());
    }
}
