package io.understudy.core.service;

/** How a critical or other service of an instance is on one node. */
public enum ServiceCondition {
    /** Not meant to run here. */
    STOPPED,
    /** Started, its probe has not answered well yet. */
    STARTING,
    /** Runs and its probe answers well. */
    RUNNING,
    /**
     * Meant to run; its process is gone or its probe fails; being restarted while attempts last.
     */
    DOWN,
    /** Meant to run; all restart attempts are used up. */
    FAILED
}
