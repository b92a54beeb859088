package io.understudy.cli.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.instance.InstanceName;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** With a kernel of the test's own that ends entries as nf_tables does. */
class PortGateTest {

    private static final long MILLI = 1_000_000;
    private static final InstanceName NMS = InstanceName.of("nms");
    private static final InstanceName RADIUS = InstanceName.of("radius");

    private long now = 9_000 * MILLI;
    private final Map<InstanceName, Long> leases = new HashMap<>();
    private final Map<Integer, Long> openUntil = new HashMap<>();
    private Set<Integer> guarded = Set.of();
    private boolean refuses;
    private int calls;

    private final PortKernel kernel =
            new PortKernel() {
                @Override
                public void guard(Set<Integer> ports) throws IOException {
                    if (refuses) {
                        throw new IOException("not permitted");
                    }
                    guarded = Set.copyOf(ports);
                    openUntil.clear();
                }

                @Override
                public void open(Map<Integer, Long> millis) throws IOException {
                    calls++;
                    if (refuses || guarded.isEmpty()) {
                        throw new IOException("no such table");
                    }
                    openUntil.clear();
                    millis.forEach((port, left) -> openUntil.put(port, now + left * MILLI));
                }

                @Override
                public void clear() {
                    guarded = Set.of();
                }

                @Override
                public void close() {}
            };

    private final PortGate gate = new PortGate(kernel, () -> now);

    private boolean reached(int port) {
        return !guarded.contains(port) || openUntil.containsKey(port) && now < openUntil.get(port);
    }

    private Function<InstanceName, OptionalLong> leases() {
        return name ->
                leases.containsKey(name) ? OptionalLong.of(leases.get(name)) : OptionalLong.empty();
    }

    private void run(long millis, InstanceName renewing) {
        long end = now + millis * MILLI;
        while (now < end) {
            if (renewing != null) {
                leases.put(renewing, now + 2_000 * MILLI);
            }
            long wait = gate.tick(leases());
            now = Math.min(end, now + Math.min(wait, 50 * MILLI));
        }
    }

    @Test
    void nothingIsAskedOfTheKernelWhereNothingIsGuarded() {
        assertEquals(Long.MAX_VALUE, gate.tick(leases()));
        assertEquals(0, calls);
    }

    @Test
    void isOpenWhileTheLeaseHoldsAndNeverAfterIt() {
        gate.guard(NMS, List.of(8000, 5433));
        run(500, null);
        assertFalse(reached(8000));
        assertTrue(reached(22));
        run(10_000, NMS);
        assertTrue(reached(8000) && reached(5433));
        for (int i = 0; i < 60; i++) {
            assertTrue(openUntil.getOrDefault(8000, 0L) <= leases.get(NMS));
            run(50, null);
        }
        assertFalse(reached(8000));
    }

    @Test
    void closesAtOnceWhenTheLeaseIsGivenBack() {
        gate.guard(NMS, List.of(8000));
        run(500, NMS);
        leases.remove(NMS);
        gate.tick(leases());
        assertFalse(reached(8000));
    }

    @Test
    void aPortOfTwoInstancesIsOpenForEither() {
        gate.guard(NMS, List.of(443));
        gate.guard(RADIUS, List.of(443, 1812));
        run(500, RADIUS);
        assertTrue(reached(443) && reached(1812));
        gate.guard(RADIUS, List.of());
        run(500, RADIUS);
        assertFalse(reached(443));
        assertTrue(reached(1812));
        gate.guard(NMS, List.of());
        assertTrue(reached(443));
    }

    @Test
    void aTableThatSomebodyFlushedIsMadeAgainAtOnce() {
        gate.guard(NMS, List.of(8000));
        run(1_000, NMS);
        guarded = Set.of();
        run(300, NMS);
        assertEquals(Set.of(8000), guarded);
        assertTrue(reached(8000));
    }

    @Test
    void aRefusalIsSaidAndTriedAgainCalmly() {
        refuses = true;
        gate.guard(NMS, List.of(8000));
        run(20_000, NMS);
        assertEquals("not permitted", gate.problem());
        refuses = false;
        run(5_100, NMS);
        assertEquals("", gate.problem());
        assertTrue(reached(8000));
    }

    @Test
    void nothingStaysBehind() {
        gate.guard(NMS, List.of(8000));
        run(100, null);
        gate.close();
        assertTrue(reached(8000));
        assertEquals(Long.MAX_VALUE, gate.tick(leases()));
    }
}
