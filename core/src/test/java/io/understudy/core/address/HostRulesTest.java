package io.understudy.core.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.address.HostInterface.Own;
import io.understudy.core.address.HostRules.Kind;
import io.understudy.core.config.AddressArithmetic;
import io.understudy.core.config.IpAddress;
import io.understudy.core.config.VirtualAddress;
import io.understudy.core.timing.Timer;
import io.understudy.core.timing.Timers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HostRulesTest {

    private static final List<HostInterface> HOST =
            List.of(
                    new HostInterface("lo", List.of(own("127.0.0.1", 8), own("::1", 128))),
                    new HostInterface(
                            "eth0",
                            List.of(
                                    own("10.77.0.1", 24),
                                    own("10.77.0.100", 24),
                                    own("fd00:77::1", 64),
                                    own("fe80::1", 64))),
                    new HostInterface("eth1", List.of(own("10.88.0.1", 25))));

    private static Own own(String address, int prefix) {
        return new Own(IpAddress.parse(address).orElseThrow(), prefix);
    }

    private static Optional<Kind> lack(String address, String... virtuals) {
        Set<IpAddress> known =
                Set.copyOf(
                        List.of(virtuals).stream()
                                .map(v -> IpAddress.parse(v).orElseThrow())
                                .toList());
        return HostRules.lack(VirtualAddress.parse(address).orElseThrow(), HOST, known)
                .map(HostRules.Lack::kind);
    }

    @Test
    void whatIsInTheSubnetOfItsInterfaceMayCome() {
        assertEquals(Optional.empty(), lack("10.77.0.101/24 dev eth0"));
        assertEquals(Optional.empty(), lack("10.77.0.101/32 dev eth0"));
        assertEquals(Optional.empty(), lack("fd00:77::100/64 dev eth0"));
        assertEquals(Optional.empty(), lack("127.9.9.9/8 dev lo"));
    }

    @Test
    void whatIsElsewhereMayNot() {
        assertEquals(Optional.of(Kind.NO_INTERFACE), lack("10.77.0.101/24 dev eth7"));
        assertEquals(Optional.of(Kind.OTHER_SUBNET), lack("10.78.0.101/24 dev eth0"));
        assertEquals(Optional.of(Kind.OTHER_SUBNET), lack("10.77.0.101/24 dev eth1"));
        assertEquals(Optional.of(Kind.OTHER_SUBNET), lack("10.88.0.200/25 dev eth1"));
        assertEquals(Optional.of(Kind.OTHER_SUBNET), lack("fd00:77::100/64 dev eth1"));
        assertEquals(Optional.of(Kind.WIDER_PREFIX), lack("10.77.0.101/16 dev eth0"));
    }

    @Test
    void anOwnAddressOfTheHostIsRefusedOnWhicheverInterface() {
        assertEquals(Optional.of(Kind.OWN), lack("10.77.0.1/24 dev eth0"));
        assertEquals(Optional.of(Kind.OWN), lack("10.77.0.100/24 dev eth0"));
        assertEquals(Optional.of(Kind.OWN), lack("10.88.0.1/24 dev eth0"));
    }

    @Test
    void aVirtualAddressThatIsThereNowIsNoneOfItsOwn() {
        assertEquals(Optional.empty(), lack("10.77.0.100/24 dev eth0", "10.77.0.100"));
        // Nor does it make a subnet.
        assertEquals(
                Optional.of(Kind.OTHER_SUBNET),
                HostRules.lack(
                                VirtualAddress.parse("10.77.0.101/24 dev eth0").orElseThrow(),
                                List.of(new HostInterface("eth0", List.of(own("10.77.0.100", 24)))),
                                Set.of(IpAddress.parse("10.77.0.100").orElseThrow()))
                        .map(HostRules.Lack::kind));
    }

    @Test
    void aSecondOfTheLeaseIsLeftBeforeEveryRenewal() {
        assertEquals(Duration.ofMillis(1300), AddressArithmetic.leastLease(Timers.FAST));
        assertTrue(AddressArithmetic.leastLease(Timers.FAST).compareTo(Timers.FAST.lease()) < 0);
        assertTrue(
                AddressArithmetic.leastLease(Timers.CLASSIC).compareTo(Timers.CLASSIC.lease()) < 0);
        Timers slow =
                Timers.FAST.with(
                        Map.of(Timer.RENEW_EVERY, Duration.ofSeconds(1)), OptionalDouble.empty());
        assertEquals(Duration.ofMillis(2050), AddressArithmetic.leastLease(slow));
    }
}
