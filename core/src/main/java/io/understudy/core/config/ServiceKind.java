package io.understudy.core.config;

/** How a service is run. */
public enum ServiceKind {
    /** A process that the node starts in the foreground and supervises. */
    PROCESS,
    /** Nothing is started; only the probe is watched. */
    PROBE
}
