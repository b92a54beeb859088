package io.understudy.ejb.control;

import io.understudy.core.hold.Hold;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.metric.Sample;
import io.understudy.core.node.NodeName;
import io.understudy.core.timing.Timers;
import io.understudy.core.view.ClusterView;
import io.understudy.core.view.DecisionsView;
import io.understudy.core.view.EventView;
import io.understudy.core.view.ExplanationView;
import io.understudy.core.view.InfoView;
import io.understudy.core.view.MoveView;
import io.understudy.core.view.OperationView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A node as its operators see it. Every method may be called from any thread, at any time, also
 * while the node starts, stops or has no majority; none waits for another node longer than a
 * second, except those that say how long.
 */
public interface NodeControl {

    /**
     * Returns the whole state as this node sees it, never null.
     *
     * @throws RefusedException with {@link ErrorCode#NOT_CONFIGURED} where this application runs
     *     without a node file
     */
    ClusterView view() throws RefusedException;

    /**
     * Returns high availability in the fields of the health-monitor pairs.
     *
     * @throws RefusedException with {@link ErrorCode#NOT_CONFIGURED}, as {@link #view}
     */
    InfoView haInfo() throws RefusedException;

    /**
     * Returns the server in the fields of the health-monitor pairs. May look at many files: takes
     * up to a second or so with large databases.
     *
     * @throws RefusedException with {@link ErrorCode#NOT_CONFIGURED}, as {@link #view}
     */
    InfoView serverInfo() throws RefusedException;

    /** Returns what is measured of this node now, whether it runs or not. */
    List<Sample> samples();

    /**
     * Says why an instance is where it is, and who could take over. The instance's other node is
     * asked and has 800 ms to answer.
     *
     * @throws RefusedException with {@link ErrorCode#UNKNOWN_INSTANCE} or {@link
     *     ErrorCode#NOT_CONFIGURED}
     */
    ExplanationView explain(InstanceName instance) throws RefusedException;

    /**
     * Returns what both nodes of an instance recorded of their decisions between two times, so that
     * they can be taken again. The other node has 800 ms to answer.
     *
     * @throws RefusedException with {@link ErrorCode#UNKNOWN_INSTANCE} or {@link
     *     ErrorCode#NOT_CONFIGURED}
     */
    DecisionsView decisions(InstanceName instance, Instant from, Instant to)
            throws RefusedException;

    /**
     * Returns the newest failovers, switchovers and fallbacks of an instance with what each part of
     * them took, the newest first; never blocks. Bounded; the event log has older ones.
     *
     * @throws RefusedException with {@link ErrorCode#NOT_CONFIGURED}
     */
    List<MoveView> moves(InstanceName instance) throws RefusedException;

    /**
     * Begins what an operator asks for and returns at once; {@link #operation} tells how it gets
     * on. Forwarded to the node that must act. Who asked and why becomes an event.
     *
     * @return the operation, running or already ended
     * @throws RefusedException if it is not possible now; nothing was done
     */
    OperationView submit(OperatorCommand command) throws RefusedException;

    /** Returns how an operation gets on; empty for one that this node does not remember. */
    Optional<OperationView> operation(String id);

    /**
     * Returns events in the cluster's order.
     *
     * @param after the number after which to begin; 0 from the oldest kept
     * @param limit how many at most, at least 1
     */
    List<EventView> events(long after, int limit);

    /** Returns the number of the newest event known here; 0 before the first. Never blocks. */
    long lastEvent();

    /**
     * Returns the configuration in force.
     *
     * @throws RefusedException with {@link ErrorCode#NOT_CONFIGURED} where there is none to show
     */
    ConfigurationView configuration() throws RefusedException;

    /**
     * Makes the groups as {@code document} says, all or nothing.
     *
     * @param document the group file (YAML)
     * @param by who asked, for the event log
     * @param dryRun true: only tells the difference
     * @param expectedVersion the version that the caller saw; the apply is refused with {@link
     *     ErrorCode#CONFIGURATION_CHANGED} if another is in force; empty: whatever is in force
     * @throws InvalidConfigurationException if the document breaks a rule; nothing was changed
     * @throws RefusedException if it is not possible now; nothing was changed, except with {@link
     *     ErrorCode#OUTCOME_UNKNOWN}: then look at the version in force
     */
    ApplyView apply(String document, String by, boolean dryRun, Optional<String> expectedVersion)
            throws InvalidConfigurationException, RefusedException;

    /**
     * Takes a pair apart: one node keeps the group's instances and serves them alone, by choice;
     * the other stops its copies and sets them aside. Waits for a majority, at most 10 s.
     *
     * @param keep which one, and it must serve all of them; empty: the one that does
     * @param by who asked, for the event log
     * @throws RefusedException if it is not possible now; nothing was changed, except with {@link
     *     ErrorCode#OUTCOME_UNKNOWN}: then look at the version in force
     */
    ShapeView unpair(String group, Optional<NodeName> keep, String by)
            throws InvalidConfigurationException, RefusedException;

    /**
     * Makes a group that stands alone a pair again; the second copy is made from then on. Waits for
     * a majority, at most 10 s.
     *
     * @param joining the node that joins; must be heard
     * @param home whether it becomes the home node
     * @param by who asked, for the event log
     * @throws InvalidConfigurationException if the rules of group files forbid it
     * @throws RefusedException as {@link #unpair}
     */
    ShapeView pair(String group, NodeName joining, boolean home, String by)
            throws InvalidConfigurationException, RefusedException;

    /**
     * Removes a member that cannot be reached and will not come back as it is: it is refused from
     * then on, and its groups stand alone on the nodes that serve them. Waits for a majority, at
     * most 10 s for each step.
     *
     * @param force whether it will not come back; refused without
     * @param by who asked, for the event log
     * @throws RefusedException if it is heard, or what it has is not served by another node;
     *     otherwise as {@link #unpair}; to be repeated after {@link ErrorCode#OUTCOME_UNKNOWN}
     */
    RemovalView remove(NodeName member, boolean force, String by)
            throws InvalidConfigurationException, RefusedException;

    /**
     * Lets a removed member take part again. Waits for a majority, at most 10 s.
     *
     * @param by who asked, for the event log
     * @throws RefusedException if it is not removed, or as {@link #unpair}
     */
    RemovalView admit(NodeName member, String by) throws RefusedException;

    /** Returns whether this node serves {@code instance} at this moment. Never blocks. */
    boolean active(InstanceName instance);

    /**
     * Returns whether this node stands by for {@code instance}: it does not serve it, and could
     * take over. Never blocks.
     */
    boolean standby(InstanceName instance);

    /** Returns whether the configuration in force names {@code instance}. Never blocks. */
    boolean knows(InstanceName instance);

    /** Returns the timers in force of the instance's group; empty if none such is configured. */
    Optional<Timers> timers(InstanceName instance);

    /** Returns what a supervisor or load balancer asks. Never blocks. */
    Readiness readiness();

    /**
     * Begins an orderly stop of this node and returns at once: instances served here are parked
     * (nobody takes over), or handed to their peer first.
     *
     * @param handOver whether the peer takes over
     * @param by who asked, for the event log
     * @throws RefusedException if it is not possible now; nothing was done
     */
    void stopNode(boolean handOver, String by) throws RefusedException;

    /**
     * Resets the lease store after its majority was lost, where the members do not do it by
     * themselves. All leases are forgotten: what is served stops and begins anew. Epochs are not
     * forgotten, they are in the ledger. Waits until the members have met again, at most 12 s.
     *
     * @param by who asked, for the event log
     * @throws RefusedException if a member is not connected (nothing was done; the message names
     *     it), if the store works, or with {@link ErrorCode#OUTCOME_UNKNOWN}: then look
     */
    void resetStore(String by) throws RefusedException;

    /**
     * Lets this node's voter vote again where what it kept was damaged: the ledger of {@code
     * instance}, and the configuration and the event log that all instances share. What was
     * promised comes from the other members, all of which must answer. Waits, at most 12 s.
     *
     * @param by who asked, for the event log
     * @throws RefusedException if another member does not answer (nothing was done), or with {@link
     *     ErrorCode#ALREADY_THERE} if nothing is damaged here
     */
    void readmit(InstanceName instance, String by) throws RefusedException;

    /**
     * Holds an instance for maintenance: until it ends nothing is moved, started, mended or copied
     * by itself, and operators' moves are refused. Both nodes know, across restarts. Waits for a
     * majority, at most 5 s.
     *
     * @return the hold
     * @throws RefusedException with {@link ErrorCode#HELD} if somebody holds it already; if it
     *     makes no sense (nothing was done); or with {@link ErrorCode#OUTCOME_UNKNOWN}: then look
     */
    Hold hold(HoldCommand command) throws RefusedException;

    /**
     * Ends a hold. Waits for a majority, at most 5 s.
     *
     * @param by who asked
     * @return the hold that ended
     * @throws RefusedException with {@link ErrorCode#ALREADY_THERE} if it is not held
     */
    Hold release(InstanceName instance, String by) throws RefusedException;

    /**
     * Begins to start or stop one service by hand and returns at once; the service's condition in
     * {@link #view} tells how it gets on.
     *
     * @throws RefusedException if this node does not serve the instance, or the stop would move it
     *     and is not confirmed; nothing was done
     */
    void service(ServiceCommand command) throws RefusedException;

    /**
     * Returns a piece of a service's log on this node, at most 64 KiB.
     *
     * @param lines how many of the last lines; at least 1
     * @param from the offset from which to read instead; negative: the last lines
     * @throws RefusedException if there is no such service, or its log cannot be read
     */
    ServiceLogView serviceLog(InstanceName instance, String service, int lines, long from)
            throws RefusedException;
}
