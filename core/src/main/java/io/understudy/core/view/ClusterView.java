package io.understudy.core.view;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The whole state as one node sees it: the body of {@code GET /api/v1/cluster}, the source of the
 * status page and of {@code understudy status}. Names of states and reasons are the enum names;
 * faces translate them. Nullable members are null where there is nothing to say.
 */
public record ClusterView(
        String cluster,
        String node,
        String version,
        String time,
        String configuration,
        boolean redundant,
        String redundancyProblem,
        List<Member> members,
        List<Group> groups) {

    /**
     * A node or the witness. {@code contact} is HEARD, SILENT, GONE or SELF; {@code voter} whether
     * it votes now, {@code seat} whether it is one of those that should; {@code removed} whether an
     * operator removed it, so that it is refused until it is admitted. {@code paths}: the two
     * networks by which it is reached, where there is a direct link to it; else empty.
     */
    public record Member(
            String name,
            String role,
            String address,
            String contact,
            Long sinceMillis,
            Double meanResponseMillis,
            Double jitterMillis,
            boolean voter,
            String version,
            boolean seat,
            boolean removed,
            List<Path> paths) {

        /** Takes no paths for none: a node of an older version tells of none. */
        public Member {
            paths = paths == null ? List.of() : List.copyOf(paths);
        }

        /** For a member that is reached by one network. */
        public Member(
                String name,
                String role,
                String address,
                String contact,
                Long sinceMillis,
                Double meanResponseMillis,
                Double jitterMillis,
                boolean voter,
                String version,
                boolean seat,
                boolean removed) {
            this(
                    name,
                    role,
                    address,
                    contact,
                    sinceMillis,
                    meanResponseMillis,
                    jitterMillis,
                    voter,
                    version,
                    seat,
                    removed,
                    List.of());
        }
    }

    /**
     * A network by which a member is reached: {@code path} a {@link io.understudy.core.peer.Path},
     * {@code address} the member's on it, {@code state} a {@link
     * io.understudy.core.peer.PathState}, {@code sinceMillis} for how long that has been so.
     */
    public record Path(
            String path,
            String address,
            String state,
            Long sinceMillis,
            Double meanResponseMillis,
            Double jitterMillis) {}

    /**
     * A redundancy group. {@code timers}: every timer in force by its key in a group file; clients
     * find {@code relogin-least} and {@code relogin-most} there.
     */
    public record Group(
            String name,
            String description,
            String assignment,
            String failover,
            String fallback,
            String onQuorumLoss,
            List<String> nodes,
            List<NodeState> states,
            List<Instance> instances,
            Map<String, String> timers) {}

    /**
     * A node's state in a group: {@code state} one of the twelve of the presence redundancy groups,
     * {@code pairState} one of the nine of the health-monitor pairs, {@code reason} a {@link
     * io.understudy.core.ledger.Reason}, {@code advice} a message key; {@code gravity} how grave
     * the state is and {@code adviceGravity} the situation that the advice is about, each a {@link
     * io.understudy.core.state.Gravity}.
     */
    public record NodeState(
            String node,
            String state,
            String pairState,
            String reason,
            String advice,
            String gravity,
            String adviceGravity) {}

    /**
     * An instance. {@code phase} is this node's own phase for it. One that stands alone has the
     * same node as home and backup, {@code protection} ALONE, and no {@code promotableNode}. {@code
     * lastMove}: the newest known here, or null. {@code withoutStandby}: WAIT, CONTINUE, or null
     * without a database. {@code preview}: where the voters are not redundant, what the loss of
     * each further member would do; else empty. {@code promotableReasons}: causes first. {@code
     * remedy}: the {@link io.understudy.core.recovery.OperatorAction} that mends what is the
     * matter, or null.
     */
    public record Instance(
            String name,
            String home,
            String backup,
            String assigned,
            String holder,
            String active,
            long epoch,
            boolean provisional,
            Long leaseLeftMillis,
            String phase,
            String reason,
            boolean parked,
            Hold hold,
            String protection,
            List<String> inSync,
            String promotableNode,
            boolean promotable,
            List<String> promotableReasons,
            List<String> addresses,
            List<Address> addressStates,
            List<Ports> ports,
            List<Action> actions,
            List<Service> services,
            List<Database> databases,
            Takeover takeover,
            MoveView lastMove,
            String withoutStandby,
            List<ExplanationView.Sentence> preview,
            String remedy) {

        /** Returns the same instance with what a loss would do. */
        public Instance withPreview(List<ExplanationView.Sentence> losses) {
            return new Instance(
                    name,
                    home,
                    backup,
                    assigned,
                    holder,
                    active,
                    epoch,
                    provisional,
                    leaseLeftMillis,
                    phase,
                    reason,
                    parked,
                    hold,
                    protection,
                    inSync,
                    promotableNode,
                    promotable,
                    promotableReasons,
                    addresses,
                    addressStates,
                    ports,
                    actions,
                    services,
                    databases,
                    takeover,
                    lastMove,
                    withoutStandby,
                    losses,
                    remedy);
        }

        /** Returns a service that an operator stopped where the instance is served, if any. */
        public Optional<Service> stoppedByHand() {
            return services == null || active == null
                    ? Optional.empty()
                    : services.stream()
                            .filter(s -> active.equals(s.node()) && s.critical())
                            .filter(s -> "STOPPED".equals(s.condition()) && s.problem() != null)
                            .findFirst();
        }
    }

    /**
     * What a takeover by the promotable node would cost: how long writes stand still if the active
     * node's processes die while its host answers, at the longest if that host is lost, whether
     * nothing acknowledged would be lost, else how many bytes of log, where that is known.
     */
    public record Takeover(
            long expectedMillis, long longestMillis, boolean lossless, Long lossBytes) {}

    /** A hold for maintenance: who, why, since and until when (ISO 8601), and what is left. */
    public record Hold(String by, String reason, String since, String until, long leftMillis) {}

    /**
     * A virtual address where it is installed. {@code reached} is a {@link
     * io.understudy.core.address.Confirmation.Verdict}, or PENDING before anybody was asked; {@code
     * by} who found that out, {@code mac} what answers for it, {@code confirmedAfterMillis} how
     * long after its installation it was first confirmed from another host, {@code rival} the
     * hardware address of another host that claimed it within the last minute.
     */
    public record Address(
            String address,
            String node,
            long sinceMillis,
            String reached,
            String by,
            String mac,
            Long confirmedAfterMillis,
            String rival,
            String problem) {}

    /**
     * Ports of an instance that a node's kernel guards: {@code state} OPEN where the node may
     * serve, CLOSED where it may not, OFF where nothing is guarded, with the {@code problem}.
     */
    public record Ports(String node, List<Integer> ports, String state, String problem) {}

    /**
     * What an operator could ask for now: {@code kind} an {@link
     * io.understudy.core.recovery.OperatorAction}, {@code why} a message key without its prefix
     * {@code button.}: why it is offered, or why not. The node that acts may still refuse.
     */
    public record Action(String kind, boolean offered, String why) {}

    /**
     * A service on a node; {@code condition} a ServiceCondition; {@code problem} why it does not
     * work, or, where it is stopped, that an operator stopped it; {@code mode} a {@link
     * io.understudy.core.config.StartMode}, null for what is watched at all times; {@code byHand}
     * whether an operator stopped it; {@code use} null where nothing is known.
     */
    public record Service(
            String name,
            String node,
            boolean critical,
            String condition,
            int restarts,
            Long pid,
            String problem,
            String mode,
            boolean byHand,
            Use use) {}

    /**
     * What a service uses, some seconds old at most; each is null where it is not known or does not
     * apply. {@code started}: when its processes were started, ISO 8601; {@code cpuPercent}: of one
     * core, over the seconds before; {@code memoryBytes}: resident, of all its processes; of a
     * volume {@code latencyMillis}: how long the last write and flush took, and {@code
     * usedPercent}: of what others than root may fill.
     */
    public record Use(
            String started,
            Double cpuPercent,
            Long memoryBytes,
            Double latencyMillis,
            Integer usedPercent) {}

    /** A database on a node; {@code role} a DatabaseRole, {@code replication} a ReplicationMode. */
    public record Database(
            String name,
            String engine,
            String node,
            String role,
            String replication,
            boolean standbyAttached,
            Long lagBytes,
            Integer resyncPercent,
            Long resyncLeftSeconds,
            String position,
            String problem) {}
}
