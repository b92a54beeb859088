package io.understudy.ejb.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.address.HostInterface;
import io.understudy.core.address.HostRules;
import io.understudy.core.config.InstanceConfiguration;
import io.understudy.core.config.VirtualAddress;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.node.NodeName;
import io.understudy.core.service.ServiceCondition;
import io.understudy.ejb.guard.GuardLink;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** On the host that the test runs on: its loopback is known. */
class HostFitnessTest {

    private static InstanceConfiguration instance(String... addresses) {
        return new InstanceConfiguration(
                InstanceName.of("nms"),
                NodeName.of("alpha"),
                NodeName.of("beta"),
                List.of(addresses),
                List.of(),
                List.of());
    }

    @Test
    void theLoopbackIsReadWithItsSubnet() {
        List<HostInterface> here = HostInterfaces.read();
        assertEquals(
                Optional.empty(),
                HostRules.lack(
                        VirtualAddress.parse("127.200.1.1/8 dev lo").orElseThrow(),
                        here,
                        Set.of()));
        assertEquals(
                Optional.of(HostRules.Kind.OWN),
                HostRules.lack(
                                VirtualAddress.parse("127.0.0.1/8 dev lo").orElseThrow(),
                                here,
                                Set.of())
                        .map(HostRules.Lack::kind));
    }

    @Test
    void withoutAGuardAnInstanceWithAddressesIsNotServed() {
        assertTrue(HostFitness.facts(instance(), GuardLink.none()).isEmpty());
        var facts = HostFitness.facts(instance("127.200.1.1/8 dev lo"), GuardLink.none());
        assertEquals(1, facts.size());
        assertEquals(ServiceCondition.FAILED, facts.get(0).condition());
        assertTrue(facts.get(0).critical());
        assertTrue(facts.get(0).problem().orElseThrow().contains("guard"));
    }

    @Test
    void anInterfaceThatIsNotThereIsNoticed() {
        assertTrue(VirtualAddresses.hasDevice(address("127.200.1.1/8 dev lo")));
        assertFalse(VirtualAddresses.hasDevice(address("10.1.1.1/8 dev nosuch0")));
    }

    private static VirtualAddress address(String text) {
        return VirtualAddress.parse(text).orElseThrow();
    }
}
