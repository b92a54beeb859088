package io.understudy.core.state;

import io.understudy.core.ledger.Reason;
import io.understudy.core.node.NodeName;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The states of both nodes of a pair.
 *
 * @param home the home node's
 * @param backup the backup's
 */
public record PairStates(NodeStatus home, NodeStatus backup) {

    /** From the best to the worst, for a node that has several instances. */
    private static final List<NodeState> BY_GRAVITY =
            List.of(
                    NodeState.NORMAL,
                    NodeState.IDLE,
                    NodeState.RUNNING_IN_BACKUP_MODE,
                    NodeState.TAKING_BACK,
                    NodeState.FALLING_BACK,
                    NodeState.TAKING_OVER,
                    NodeState.FAILING_OVER,
                    NodeState.INITIALIZING,
                    NodeState.FAILED_OVER,
                    NodeState.FAILED_OVER_CRITICAL_SERVICES_NOT_RUNNING,
                    NodeState.UNKNOWN,
                    NodeState.RUNNING_IN_FAILED_MODE);

    private static final Set<Reason> OF_FAILED_MODE =
            Set.of(
                    Reason.START_OF_CRITICAL_SERVICES_FAILED,
                    Reason.CRITICAL_SERVICE_DOWN,
                    Reason.DATABASE_FAILURE,
                    Reason.TAKE_OVER_USERS_FAILED,
                    Reason.TAKE_BACK_USERS_FAILED);

    /** Refuses nulls. */
    public PairStates {
        Objects.requireNonNull(home, "home");
        Objects.requireNonNull(backup, "backup");
    }

    /** Derives the states of both nodes. Every situation has an answer. */
    public static PairStates derive(PairSituation situation) {
        if (situation.home().equals(situation.backup())) {
            NodeStatus alone = alone(situation);
            return new PairStates(alone, alone);
        }
        PairTable.Row row = PairTable.rowFor(situation);
        return new PairStates(
                status(situation, situation.home(), row.home(), row.homePair(), row.advice()),
                status(
                        situation,
                        situation.backup(),
                        row.backup(),
                        row.backupPair(),
                        row.advice()));
    }

    /** The state of a node that serves without another one, by choice: nothing is missing. */
    private static NodeStatus alone(PairSituation situation) {
        Standing standing = Standing.of(situation, situation.home());
        Reason reason = ownReason(situation, situation.home(), standing);
        return switch (standing) {
            case ACTIVE ->
                    new NodeStatus(
                            NodeState.NORMAL, reason, PairState.PRIMARY_ACTIVE, "stand-alone");
            case UNSEEN ->
                    new NodeStatus(
                            NodeState.UNKNOWN, reason, PairState.TERMINATED, "stand-alone-unseen");
            case FAILED ->
                    new NodeStatus(
                            NodeState.RUNNING_IN_FAILED_MODE,
                            reason,
                            PairState.TERMINATED,
                            "stand-alone-failed");
            case STOPPED, LEAVING ->
                    new NodeStatus(
                            NodeState.IDLE,
                            Reason.GRACEFUL_SHUTDOWN,
                            PairState.GRACEFUL_SHUTDOWN,
                            "stand-alone-stopped");
            case INITIALIZING, STANDBY, UNABLE, TAKING ->
                    new NodeStatus(
                            NodeState.INITIALIZING,
                            Reason.INITIALIZATION,
                            PairState.TERMINATED,
                            "starting");
        };
    }

    /** Returns the status of {@code node}, which must be one of the pair. */
    public NodeStatus of(PairSituation situation, NodeName node) {
        return node.equals(situation.home()) ? home : backup;
    }

    /**
     * Returns the graver of two statuses that one node has for two instances: what an operator
     * should look at first. The first one where they weigh the same.
     */
    public static NodeStatus graver(NodeStatus a, NodeStatus b) {
        Comparator<NodeStatus> gravity =
                Comparator.comparingInt(s -> BY_GRAVITY.indexOf(s.state()));
        return gravity.compare(a, b) >= 0 ? a : b;
    }

    private static NodeStatus status(
            PairSituation situation,
            NodeName node,
            PairTable.Cell cell,
            PairState pairState,
            String advice) {
        Standing standing = Standing.of(situation, node);
        boolean own = cell.state() == PairTable.Shown.OWN;
        NodeState state = own ? ownState(standing) : cell.state().state();
        Reason reason =
                own ? ownReason(situation, node, standing) : reason(situation, node, cell.reason());
        return new NodeStatus(state, reason, pairState, advice);
    }

    /** The state of a node in a row that is about the other one. */
    private static NodeState ownState(Standing standing) {
        return switch (standing) {
            case UNSEEN -> NodeState.UNKNOWN;
            case INITIALIZING -> NodeState.INITIALIZING;
            case FAILED -> NodeState.RUNNING_IN_FAILED_MODE;
            case STOPPED -> NodeState.IDLE;
            case STANDBY, UNABLE, TAKING, ACTIVE, LEAVING -> NodeState.NORMAL;
        };
    }

    private static Reason ownReason(PairSituation situation, NodeName node, Standing standing) {
        return switch (standing) {
            case UNSEEN -> Reason.UNKNOWN;
            case INITIALIZING -> Reason.INITIALIZATION;
            case FAILED -> reason(situation, node, PairTable.Why.FAILURE);
            case UNABLE -> reason(situation, node, PairTable.Why.HEALTH);
            case STOPPED -> Reason.GRACEFUL_SHUTDOWN;
            case STANDBY, TAKING, ACTIVE, LEAVING -> Reason.NORMAL;
        };
    }

    private static Reason reason(PairSituation situation, NodeName node, PairTable.Why why) {
        NodeFacts facts = situation.factsOf(node);
        return switch (why) {
            case TURN -> facts.restarted() ? Reason.INITIALIZATION : situation.reason();
            case FAILURE ->
                    OF_FAILED_MODE.contains(situation.reason())
                            ? situation.reason()
                            : Reason.UNKNOWN;
            case HEALTH ->
                    facts.restarted()
                            ? Reason.INITIALIZATION
                            : facts.databaseFailed()
                                    ? Reason.DATABASE_FAILURE
                                    : Reason.CRITICAL_SERVICE_DOWN;
            case NORMAL -> Reason.NORMAL;
            case UNKNOWN -> Reason.UNKNOWN;
            case PEER_DOWN -> Reason.PEER_DOWN;
            case INITIALIZATION -> Reason.INITIALIZATION;
            case GRACEFUL -> Reason.GRACEFUL_SHUTDOWN;
        };
    }
}
