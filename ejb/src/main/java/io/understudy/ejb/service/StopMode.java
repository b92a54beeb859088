package io.understudy.ejb.service;

/** How services are ended. */
public enum StopMode {
    /** In reverse order, each by its stop command or SIGTERM, then by SIGKILL. */
    ORDERLY,
    /** All at once by SIGKILL: the lease is lost. */
    KILL
}
