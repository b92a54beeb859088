package io.understudy.cluster.heartbeat;

import java.time.Duration;

/** When the proof about a peer is asked for next. Used by the heartbeat's thread. */
final class ProofSchedule {

    private static final long EVERY = 50_000_000L;
    private static final long SLOWLY = 1_000_000_000L;
    private static final long SLOW_AFTER = 30_000_000_000L;

    private final long proofAfter;
    private boolean underWay;
    private boolean hurry;
    private boolean asked;
    private long askedAt;

    ProofSchedule(Duration proofAfter) {
        this.proofAfter = proofAfter.toNanos();
    }

    /** The peer's kernel says that nobody listens: no proof, but a reason to ask for it now. */
    void hurry() {
        hurry = true;
    }

    /** Returns whether the next question is asked whatever the silence. */
    boolean hurried() {
        return hurry;
    }

    /** Returns whether to ask now; then a question counts as under way. */
    boolean begin(long silentFor, long now) {
        // A host that is off costs a time-out per question: asked for long, it is asked less often.
        long pause = silentFor > SLOW_AFTER ? SLOWLY : EVERY;
        boolean due = hurry || silentFor > proofAfter;
        if (!due || underWay || (asked && now - askedAt < pause)) {
            return false;
        }
        underWay = true;
        hurry = false;
        asked = true;
        askedAt = now;
        return true;
    }

    void end() {
        underWay = false;
    }
}
