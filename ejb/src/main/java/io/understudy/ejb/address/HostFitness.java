package io.understudy.ejb.address;

import io.understudy.core.config.InstanceConfiguration;
import io.understudy.core.config.VirtualAddress;
import io.understudy.core.service.ServiceCondition;
import io.understudy.core.service.ServiceFacts;
import io.understudy.ejb.guard.GuardLink;
import java.util.List;
import java.util.Optional;

/**
 * Whether an instance's addresses could come to this host now: a guard is there, it may change
 * addresses, and their interfaces exist. Otherwise the node is not able to serve the instance, and
 * says why before it has to.
 */
public final class HostFitness {

    /** The name of the fact; no service can have it. */
    public static final String FACT = "address:host";

    private HostFitness() {}

    /** Returns why the addresses could not come; empty if they could, or there are none. */
    public static Optional<String> problem(InstanceConfiguration instance, GuardLink guard) {
        if (instance.addresses().isEmpty()) {
            return Optional.empty();
        }
        if (!guard.guarded()) {
            return Optional.of(
                    "Addresses cannot come here without a guard that takes them away again: start"
                            + " the node by 'understudy node'.");
        }
        if (!VirtualAddresses.permitted()) {
            return Optional.of(
                    "This node may not change addresses (CAP_NET_ADMIN): start it as root, or give"
                            + " its service that capability.");
        }
        return instance.virtualAddresses().stream()
                .filter(a -> !VirtualAddresses.hasDevice(a))
                .findFirst()
                .map(HostFitness::noDevice);
    }

    private static String noDevice(VirtualAddress address) {
        return "There is no interface "
                + address.device()
                + " on this host for "
                + address
                + ": bring it up, or change the group file.";
    }

    /** Returns the fact that keeps the instance from here; none where nothing is in the way. */
    public static List<ServiceFacts> facts(InstanceConfiguration instance, GuardLink guard) {
        return problem(instance, guard)
                .map(
                        why ->
                                List.of(
                                        new ServiceFacts(
                                                FACT,
                                                true,
                                                ServiceCondition.FAILED,
                                                0,
                                                Optional.empty(),
                                                Optional.of(why))))
                .orElse(List.of());
    }
}
