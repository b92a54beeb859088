package io.understudy.cluster.neighbour;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.core.config.IpAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Lines as the kernel and iproute2 write them. */
class NeighbourTableTest {

    private static final List<String> ARP =
            List.of(
                    "IP address       HW type     Flags       HW address            Mask     Device",
                    "10.77.0.2        0x1         0x2         02:00:5E:10:20:30     *        eth0",
                    "10.77.0.3        0x1         0x0         00:00:00:00:00:00     *        eth0",
                    "10.77.0.4        0x1         0x6         02:00:5e:10:20:31     *        eth0");

    private static Optional<String> four(String address) {
        return NeighbourTable.four(ARP, IpAddress.parse(address).orElseThrow());
    }

    @Test
    void onlyCompleteEntriesCount() {
        assertEquals(Optional.of("02:00:5e:10:20:30"), four("10.77.0.2"));
        assertEquals(Optional.empty(), four("10.77.0.3"));
        assertEquals(Optional.of("02:00:5e:10:20:31"), four("10.77.0.4"));
        assertEquals(Optional.empty(), four("10.77.0.20"));
    }

    @Test
    void ipShowsTheLinkAddressOrNone() {
        assertEquals(
                Optional.of("02:00:5e:10:20:30"),
                NeighbourTable.shown("fd00::2 dev eth0 lladdr 02:00:5e:10:20:30 router REACHABLE"));
        assertEquals(Optional.empty(), NeighbourTable.shown("fd00::2 dev eth0  FAILED"));
        assertEquals(Optional.empty(), NeighbourTable.shown(""));
    }
}
