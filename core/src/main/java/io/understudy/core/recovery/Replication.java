package io.understudy.core.recovery;

/** How the holder stands with its standby's copy: the order of record and setting is the point. */
public enum Replication {
    /** Recorded: only the holder's copy is in sync. Commits do not wait. */
    ALONE,
    /** Recorded as alone; the setting is being made synchronous. */
    JOINING,
    /** The setting is synchronous and the standby has everything; being recorded. */
    RECORDING_TOGETHER,
    /** Recorded: both copies are in sync. Commits wait for the standby. */
    TOGETHER,
    /** Commits still wait; that the standby is out of sync is being recorded. */
    RECORDING_ALONE,
    /** Recorded as alone; the setting is being relaxed. */
    RELAXING
}
