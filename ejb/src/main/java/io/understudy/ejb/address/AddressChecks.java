package io.understudy.ejb.address;

import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.core.address.HostInterface;
import io.understudy.core.address.HostInterface.Own;
import io.understudy.core.address.HostRules;
import io.understudy.core.config.GroupConfiguration;
import io.understudy.core.config.InstanceConfiguration;
import io.understudy.core.config.IpAddress;
import io.understudy.core.config.VirtualAddress;
import io.understudy.core.node.NodeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Holds the addresses of a group file against the interfaces of the nodes that are to have them:
 * each node is asked for its own, over the peer protocol.
 */
public final class AddressChecks {

    private static final System.Logger LOG = System.getLogger(AddressChecks.class.getName());
    private static final String PATH = "/address/interfaces";
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private final NodeName self;
    private final PeerClient client;

    /** On the wire: a host's interfaces, and whether its node may change addresses. */
    record Told(boolean permitted, List<Card> interfaces) {}

    /** On the wire: an interface; addresses as {@code ADDRESS/PREFIX}. */
    record Card(String name, List<String> addresses) {}

    /**
     * An address that cannot come to a node.
     *
     * @param field where in the group file
     * @param sentence cause and object
     * @param mend next step
     */
    public record Lack(String field, String sentence, String mend) {}

    /**
     * What was found.
     *
     * @param lacks what cannot be
     * @param notPermitted nodes that may not change addresses
     * @param notAsked nodes that did not answer
     */
    public record Findings(List<Lack> lacks, Set<NodeName> notPermitted, Set<NodeName> notAsked) {}

    /** Answers for this host from now on. */
    public AddressChecks(NodeName self, PeerServer server, PeerClient client) {
        this.self = self;
        this.client = client;
        server.handle(PATH, request -> told());
    }

    private static Told told() {
        return new Told(
                VirtualAddresses.permitted(),
                HostInterfaces.read().stream()
                        .map(
                                i ->
                                        new Card(
                                                i.name(),
                                                i.own().stream()
                                                        .map(o -> o.address() + "/" + o.prefix())
                                                        .toList()))
                        .toList());
    }

    /**
     * Asks every node that is to have an address; blocks a second at most.
     *
     * @param groups as they are to be
     * @param existing as they are: their addresses may be on a host now
     */
    public Findings check(List<GroupConfiguration> groups, List<GroupConfiguration> existing) {
        Set<IpAddress> virtuals =
                existing.stream()
                        .flatMap(g -> g.instances().stream())
                        .flatMap(i -> i.virtualAddresses().stream())
                        .map(VirtualAddress::address)
                        .collect(Collectors.toSet());
        Map<NodeName, Optional<Told>> hosts = ask(groups);
        List<Lack> lacks = new ArrayList<>();
        for (GroupConfiguration group : groups) {
            for (InstanceConfiguration instance : group.instances()) {
                for (NodeName node : nodes(instance)) {
                    hosts.getOrDefault(node, Optional.empty())
                            .ifPresent(told -> check(instance, node, told, virtuals, lacks));
                }
            }
        }
        return new Findings(
                lacks,
                hosts.entrySet().stream()
                        .filter(e -> e.getValue().filter(told -> !told.permitted()).isPresent())
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet()),
                hosts.entrySet().stream()
                        .filter(e -> e.getValue().isEmpty())
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet()));
    }

    private static Set<NodeName> nodes(InstanceConfiguration instance) {
        return instance.alone()
                ? Set.of(instance.home())
                : Set.of(instance.home(), instance.backup());
    }

    private Map<NodeName, Optional<Told>> ask(List<GroupConfiguration> groups) {
        Set<NodeName> nodes =
                groups.stream()
                        .flatMap(g -> g.instances().stream())
                        .filter(i -> !i.addresses().isEmpty())
                        .flatMap(i -> nodes(i).stream())
                        .collect(Collectors.toSet());
        Map<NodeName, CompletionStage<Told>> asked = new HashMap<>();
        for (NodeName node : nodes) {
            if (!node.equals(self)) {
                asked.put(node, client.call(node, PATH, null, Told.class, LIMIT));
            }
        }
        Map<NodeName, Optional<Told>> told = new HashMap<>();
        if (nodes.contains(self)) {
            told.put(self, Optional.of(told()));
        }
        asked.forEach((node, answer) -> told.put(node, await(node, answer)));
        return told;
    }

    private static Optional<Told> await(NodeName node, CompletionStage<Told> answer) {
        try {
            return Optional.ofNullable(
                    answer.toCompletableFuture().get(2 * LIMIT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(System.Logger.Level.DEBUG, "interfaces of " + node, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    private static void check(
            InstanceConfiguration instance,
            NodeName node,
            Told told,
            Set<IpAddress> virtuals,
            List<Lack> lacks) {
        List<HostInterface> interfaces =
                told.interfaces().stream()
                        .map(c -> new HostInterface(c.name(), owns(c.addresses())))
                        .toList();
        List<VirtualAddress> addresses = instance.virtualAddresses();
        for (int i = 0; i < addresses.size(); i++) {
            String field = instance.name() + ".addresses[" + i + "]";
            VirtualAddress address = addresses.get(i);
            HostRules.lack(address, interfaces, virtuals)
                    .ifPresent(
                            lack ->
                                    lacks.add(
                                            new Lack(
                                                    field,
                                                    "'"
                                                            + address
                                                            + "' cannot come to "
                                                            + node
                                                            + ": it "
                                                            + lack.problem(),
                                                    lack.mend())));
        }
    }

    private static List<Own> owns(List<String> texts) {
        List<Own> owns = new ArrayList<>();
        for (String text : texts) {
            int slash = text.lastIndexOf('/');
            IpAddress.parse(text.substring(0, slash))
                    .ifPresent(
                            a -> owns.add(new Own(a, Integer.parseInt(text.substring(slash + 1)))));
        }
        return owns;
    }
}
