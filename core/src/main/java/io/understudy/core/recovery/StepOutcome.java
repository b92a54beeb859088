package io.understudy.core.recovery;

/** What came of a step. */
public enum StepOutcome {
    /** Done. */
    DONE,
    /** Failed, and certainly without effect: in particular no write was ever acknowledged. */
    FAILED,
    /** Timed out or broke off: neither done nor undone. */
    UNKNOWN
}
