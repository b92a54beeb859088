package io.understudy.core.config;

/** When a service is started. */
public enum StartMode {
    /** With its instance. */
    AUTOMATIC,
    /** Only by hand; nothing waits for it, and that it does not run is no fault. */
    MANUAL
}
