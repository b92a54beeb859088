package io.understudy.core.recovery;

/** Stable codes of the event log; also the keys of its messages. */
public enum EventCode {
    /** A failover begins: the holder hands over, or the standby takes over. */
    FAILOVER_INVOKED(Severity.WARNING),
    /** The way home begins. */
    FALLBACK_INVOKED(Severity.INFO),
    /** A planned move begins. */
    SWITCHOVER_INVOKED(Severity.INFO),
    /** This node begins to bring the instance up. */
    TAKING_OVER(Severity.INFO),
    /** The backup serves. */
    FAILOVER_ACTIVE(Severity.WARNING),
    /** The home node serves. */
    FALLBACK_COMPLETE(Severity.INFO),
    /** The lease was claimed. */
    LEASE_CLAIMED(Severity.INFO),
    /** The lease ran out or was lost; everything here was stopped. */
    LEASE_LOST(Severity.ALARM),
    /** Serves on proof of the peer's death, before the lease store confirmed. */
    PROVISIONAL(Severity.WARNING),
    /** The lease store confirmed a provisional tenure. */
    CONFIRMED(Severity.INFO),
    /** Goes on without a standby in sync. */
    UNPROTECTED(Severity.ALARM),
    /** A voter is missing: only the active node counts, so that it may go on. */
    PINNED(Severity.ALARM),
    /** No majority answers, and the active node goes on, as nobody else may serve. */
    GOES_ON(Severity.ALARM),
    /** A majority answers again, and the active node has renewed its lease. */
    RENEWED_AGAIN(Severity.INFO),
    /** The standby holds everything acknowledged. */
    IN_SYNC(Severity.INFO),
    /** The local copy begins to follow. */
    RESYNC_STARTED(Severity.INFO),
    /** The local copy follows. */
    RESYNC_DONE(Severity.INFO),
    /** The local copy could not follow; tried again. */
    RESYNC_FAILED(Severity.WARNING),
    /** A critical service failed. */
    SERVICE_FAILED(Severity.ALARM),
    /** The database failed. */
    DATABASE_FAILED(Severity.ALARM),
    /** Stopped on purpose: no failover. */
    PARKED(Severity.INFO),
    /** Could not be started here. */
    FAILED_MODE(Severity.ALARM),
    /** An operator or the retry tries again. */
    RECOVER(Severity.INFO),
    /** Maintenance of the instance ends soon by itself. */
    HOLD_ENDS_SOON(Severity.WARNING),
    /** Maintenance of the instance has ended by itself. */
    HOLD_ENDED(Severity.INFO),
    /** The tenure was refused by the ledger. */
    NOT_PROMOTABLE(Severity.WARNING);

    /** How urgent a line is. */
    public enum Severity {
        /** For the record. */
        INFO,
        /** Worth a look in the morning. */
        WARNING,
        /** Worth waking somebody. */
        ALARM
    }

    private final Severity severity;

    EventCode(Severity severity) {
        this.severity = severity;
    }

    /** Returns how urgent it is. */
    public Severity severity() {
        return severity;
    }
}
