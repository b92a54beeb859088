package io.understudy.core.config;

/** How a service is run. */
public enum ServiceKind {
    /** A process that the node starts in the foreground and supervises. */
    PROCESS,
    /** A unit that systemd runs; the node starts, watches and stops it. */
    SYSTEMD,
    /** A resource agent of the Open Cluster Framework, run as it is. */
    OCF,
    /** Nothing is started; only the probe is watched. */
    PROBE;

    /** Returns whether something is started for such a service. */
    public boolean isStarted() {
        return this != PROBE;
    }

    /** Returns whether what is started leaves this node's process tree. */
    public boolean isOutside() {
        return this == SYSTEMD || this == OCF;
    }
}
