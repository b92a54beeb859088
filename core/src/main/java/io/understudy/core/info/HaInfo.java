package io.understudy.core.info;

import io.understudy.core.config.DatabaseConfiguration;
import io.understudy.core.config.GroupConfiguration;
import io.understudy.core.config.InstanceConfiguration;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.node.NodeName;
import io.understudy.core.timing.Timers;
import io.understudy.core.view.ClusterView;
import io.understudy.core.view.InfoView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * High availability as {@code gethainfo} of the health-monitor pairs shows it: the node, then each
 * peer it shares a group with.
 */
public final class HaInfo {

    /** The section about the node itself. */
    public static final String BASE = "ha-base";

    /** The section about a peer. */
    public static final String PEER = "ha-peer";

    /** The field with this node's state towards a peer, one of the nine. */
    public static final String CURRENT_STATE = "current-state";

    /** The field that says whether the peer is heard. */
    public static final String HEARTBEAT = "heartbeat-status";

    /** Stands in place of the two above where the node is down. */
    public static final String LAST_STATE = "last-shutdown-state";

    private final NodeConfiguration node;
    private final ClusterView view;

    private HaInfo(NodeConfiguration node, ClusterView view) {
        this.node = node;
        this.view = view;
    }

    /**
     * Returns the information.
     *
     * @param node its node file
     * @param view the state as it sees it
     * @param groups the configuration in force
     * @param machine its host
     */
    public static InfoView of(
            NodeConfiguration node,
            ClusterView view,
            List<GroupConfiguration> groups,
            Machine machine) {
        return new HaInfo(node, view).info(groups, machine);
    }

    private InfoView info(List<GroupConfiguration> groups, Machine machine) {
        List<InfoView.Section> sections = new ArrayList<>();
        List<InfoView.Section> peers = new ArrayList<>();
        for (GroupConfiguration group : groups) {
            if (group.nodes().contains(node.name())) {
                for (NodeName other : group.nodes()) {
                    if (!other.equals(node.name())) {
                        peers.add(peer(group, other, peers.size() + 1));
                    }
                }
            }
        }
        sections.add(
                new InfoView.Section(
                        BASE,
                        0,
                        new Fields()
                                .add("server-role", node.role())
                                .add("health-monitor-address", node.address())
                                .add("virtual-address", addressesOf(node.name(), groups))
                                .add("version", view.version())
                                .add("udi", machine.identifier())
                                .add("paired-peers", peers.size())
                                .all()));
        sections.addAll(peers);
        boolean serves =
                view.groups().stream()
                        .flatMap(g -> g.instances().stream())
                        .anyMatch(i -> node.name().value().equals(i.active()));
        return new InfoView(
                "HA_INFO", node.name().value(), view.time(), !serves, List.copyOf(sections));
    }

    private InfoView.Section peer(GroupConfiguration group, NodeName peer, int number) {
        Optional<ClusterView.Member> member =
                view.members().stream().filter(m -> m.name().equals(peer.value())).findFirst();
        return new InfoView.Section(
                PEER,
                number,
                new Fields()
                        .add("health-monitor-address", member.map(ClusterView.Member::address))
                        .add("virtual-address", addressesOf(peer, List.of(group)))
                        .add("version", member.map(ClusterView.Member::version))
                        .none("udi")
                        .add("failover-type", group.failover())
                        .add("failback-type", group.fallback())
                        .add("failover-wait-seconds", wait(group.timers()))
                        .add("database-name", databases(group, DatabaseConfiguration::name))
                        .add("database-port", databases(group, d -> Integer.toString(d.port())))
                        .none("replication-configuration")
                        .add("primary-database-alias", aliases(group))
                        .add(
                                "direct-connect",
                                member.filter(m -> !m.paths().isEmpty()).isPresent() ? "YES" : "NO")
                        .add(HEARTBEAT, member.map(m -> heard(m) ? "UP" : "DOWN"))
                        .add(CURRENT_STATE, state(group))
                        .all());
    }

    private static boolean heard(ClusterView.Member member) {
        return member.contact().equals("HEARD");
    }

    /** From the last renewal that the standby saw until it may claim the lease of a silent node. */
    private static String wait(Timers timers) {
        double seconds = timers.lease().toMillis() * timers.challengeFactor() / 1000.0;
        return String.format(Locale.ROOT, "%.1f", seconds);
    }

    private static Optional<String> addressesOf(NodeName home, List<GroupConfiguration> groups) {
        return joined(
                groups.stream()
                        .flatMap(g -> g.instances().stream())
                        .filter(i -> i.home().equals(home))
                        .flatMap(i -> i.addresses().stream())
                        .toList());
    }

    private static Optional<String> databases(
            GroupConfiguration group, Function<DatabaseConfiguration, String> what) {
        return joined(
                group.instances().stream().flatMap(i -> i.databases().stream()).map(what).toList());
    }

    /** Where the home node's database is reached. */
    private Optional<String> aliases(GroupConfiguration group) {
        List<String> aliases = new ArrayList<>();
        for (InstanceConfiguration instance : group.instances()) {
            String host =
                    node.members().stream()
                            .filter(m -> m.name().equals(instance.home()))
                            .map(NodeConfiguration.Member::address)
                            .map(a -> a.contains(":") ? "[" + a + "]" : a)
                            .findFirst()
                            .orElse(instance.home().value());
            instance.databases().stream()
                    .map(d -> "//" + host + ":" + d.port() + "/" + d.name())
                    .forEach(aliases::add);
        }
        return joined(aliases);
    }

    private Optional<String> state(GroupConfiguration group) {
        return view.groups().stream()
                .filter(g -> g.name().equals(group.name()))
                .flatMap(g -> g.states().stream())
                .filter(s -> s.node().equals(node.name().value()))
                .map(ClusterView.NodeState::pairState)
                .findFirst();
    }

    private static Optional<String> joined(List<String> values) {
        return values.isEmpty()
                ? Optional.empty()
                : Optional.of(values.stream().collect(Collectors.joining(", ")));
    }
}
