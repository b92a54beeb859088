package io.understudy.core.metric;

import java.util.List;

/**
 * Every metric of a node. The names follow the customs of Prometheus: the unit is part of the name,
 * counters end with {@code total}. docs/reference/metrics.md is made from this table.
 */
public enum Metric {
    /** Whether a node runs in this application. */
    NODE_UP("understudy_node_up", Kind.GAUGE, "0 or 1", "1: this application runs a node"),
    /** Whether any one voter may be lost. */
    REDUNDANT(
            "understudy_redundant",
            Kind.GAUGE,
            "0 or 1",
            "1: any one voter may be lost and failover still works"),
    /** Whether a guard watches over this node. */
    GUARD(
            "understudy_guard_connected",
            Kind.GAUGE,
            "0 or 1",
            "1: a guard ends what outlives its lease here"),
    /** How many decisions were made. */
    DECISIONS(
            "understudy_decisions_total",
            Kind.COUNTER,
            "decisions",
            "decisions of this node since its start; their rate is the load of deciding"),
    /** How many events became known. */
    EVENTS(
            "understudy_events_total",
            Kind.COUNTER,
            "events",
            "events of the cluster's log that came to this node since its start",
            "severity",
            "code"),
    /** Whether it is served here. */
    ACTIVE(
            "understudy_instance_active",
            Kind.GAUGE,
            "0 or 1",
            "1: this node serves the instance",
            "instance"),
    /** Whether anybody serves it, as this node sees it. */
    SERVED(
            "understudy_instance_served",
            Kind.GAUGE,
            "0 or 1",
            "1: some node serves the instance, as this node sees it",
            "instance"),
    /** The epoch. */
    EPOCH(
            "understudy_instance_epoch",
            Kind.GAUGE,
            "number",
            "the epoch; rises by each change of holder",
            "instance"),
    /** What is left of the lease. */
    LEASE_LEFT(
            "understudy_instance_lease_left_seconds",
            Kind.GAUGE,
            "seconds",
            "what is left of the lease held here; absent where none is held",
            "instance"),
    /** Whether the standby could take over. */
    PROMOTABLE(
            "understudy_instance_promotable",
            Kind.GAUGE,
            "0 or 1",
            "1: the other node could take over now without loss",
            "instance"),
    /** Whether both copies are complete. */
    IN_SYNC(
            "understudy_instance_in_sync",
            Kind.GAUGE,
            "0 or 1",
            "1: both nodes hold everything acknowledged",
            "instance"),
    /** How often it was taken over. */
    FAILOVERS(
            "understudy_instance_failovers_total",
            Kind.COUNTER,
            "failovers",
            "changes of the serving node that became known here since this node's start",
            "instance"),
    /** How long it was last unserved. */
    LAST_OUTAGE(
            "understudy_instance_last_outage_seconds",
            Kind.GAUGE,
            "seconds",
            "how long nobody served the instance the last time, as this node saw it, to a fifth of"
                    + " a second; absent before the first",
            "instance"),
    /** What the last move took as a whole. */
    LAST_MOVE(
            "understudy_instance_last_move_seconds",
            Kind.GAUGE,
            "seconds",
            "what the last failover, switchover or fallback took, as the node timed it that took"
                    + " over; absent before the first",
            "instance"),
    /** What each part of the last move took. */
    LAST_MOVE_PHASE(
            "understudy_instance_last_move_phase_seconds",
            Kind.GAUGE,
            "seconds",
            "what one part of it took (moves.md); the parts add up to the whole; absent where it"
                    + " does not apply",
            "instance",
            "phase"),
    /** What the standby's copy lacks. */
    LAG(
            "understudy_replication_lag_bytes",
            Kind.GAUGE,
            "bytes",
            "how far the copy on that node is behind, where it is known",
            "instance",
            "database",
            "node"),
    /** How far a resync is. */
    RESYNC(
            "understudy_resync_percent",
            Kind.GAUGE,
            "percent",
            "how much of the copy is done; absent where none is made",
            "instance",
            "database",
            "node"),
    /** Whether the peer is heard. */
    PEER_HEARD(
            "understudy_peer_heard",
            Kind.GAUGE,
            "0 or 1",
            "1: the heartbeat of that member comes",
            "peer"),
    /** Since when its contact is as it is. */
    PEER_SINCE(
            "understudy_peer_contact_seconds",
            Kind.GAUGE,
            "seconds",
            "how long the contact with that member has been as it is",
            "peer"),
    /** Its mean response time. */
    PEER_RESPONSE(
            "understudy_peer_response_seconds",
            Kind.GAUGE,
            "seconds",
            "mean response time of the last minute; absent where nothing was answered",
            "peer"),
    /** Its jitter. */
    PEER_JITTER(
            "understudy_peer_jitter_seconds",
            Kind.GAUGE,
            "seconds",
            "how much the response time varies (RFC 3550, section 6.4.1)",
            "peer"),
    /** Whether one of the two paths to the peer carries. */
    PATH_UP(
            "understudy_path_up",
            Kind.GAUGE,
            "0 or 1",
            "1: beats come by that network (`main` or `direct`), 0: by the other one only; absent where there is no direct link, or nothing can be said",
            "peer",
            "path"),
    /** Its mean response time by that path. */
    PATH_RESPONSE(
            "understudy_path_response_seconds",
            Kind.GAUGE,
            "seconds",
            "mean response time of the last minute by that network; absent where nothing was answered",
            "peer",
            "path"),
    /** Its jitter by that path. */
    PATH_JITTER(
            "understudy_path_jitter_seconds",
            Kind.GAUGE,
            "seconds",
            "how much the response time by that network varies",
            "peer",
            "path");

    /** How a value may change. */
    public enum Kind {
        /** Up and down. */
        GAUGE,
        /** Only up, and to zero at a start. */
        COUNTER
    }

    private final String metricName;
    private final Kind kind;
    private final String unit;
    private final String meaning;
    private final List<String> tags;

    Metric(String metricName, Kind kind, String unit, String meaning, String... tags) {
        this.metricName = metricName;
        this.kind = kind;
        this.unit = unit;
        this.meaning = meaning;
        this.tags = List.of(tags);
    }

    /** Returns its name as it is read. */
    public String metricName() {
        return metricName;
    }

    /** Returns how it may change. */
    public Kind kind() {
        return kind;
    }

    /** Returns its unit in words. */
    public String unit() {
        return unit;
    }

    /** Returns what it tells, one sentence without full stop. */
    public String meaning() {
        return meaning;
    }

    /** Returns the names of its tags in their order. */
    public List<String> tags() {
        return tags;
    }
}
