package io.understudy.cluster.register;

import java.util.Objects;

/**
 * What one voter keeps of one register.
 *
 * @param promised no proposal of an older epoch is taken any more; 0 if none was promised
 * @param promisedTo the {@link Proposer} who alone may propose in epoch {@code promised}; null if
 *     none was promised
 * @param stored the newest accepted value; null if there never was one
 */
record RegisterState(long promised, String promisedTo, Stored stored) {

    /** No proposer's name. */
    private static final String NOBODY = "-";

    static final RegisterState EMPTY = new RegisterState(0, null, null);

    /**
     * An accepted value. (epoch, revision) names it: only {@code writer} proposes in its epoch.
     *
     * @param value the text; null in an answer to somebody who said that they know it
     */
    record Stored(long epoch, long revision, String writer, String value) {

        boolean isNewerThan(long otherEpoch, long otherRevision) {
            return epoch != otherEpoch ? epoch > otherEpoch : revision > otherRevision;
        }

        boolean isTagged(long otherEpoch, long otherRevision) {
            return epoch == otherEpoch && revision == otherRevision;
        }

        Stored withoutValue() {
            return new Stored(epoch, revision, writer, null);
        }
    }

    boolean refuses(long epoch, String proposer) {
        return epoch < promised
                || (epoch == promised && promisedTo != null && !promisedTo.equals(proposer));
    }

    /**
     * Returns the later promise and the newer value of two voters' states. Where they promised one
     * epoch to two proposers, a majority's promise went to at most one of them; whoever wrote under
     * it had it, and as long as nobody wrote, neither may: they take a later epoch.
     */
    RegisterState merge(RegisterState other) {
        Stored newest = stored;
        Stored theirs = other.stored();
        if (theirs != null
                && (newest == null || theirs.isNewerThan(newest.epoch(), newest.revision()))) {
            newest = theirs;
        }
        long latest = Math.max(promised, other.promised());
        String to = promised == latest ? promisedTo : other.promisedTo();
        boolean both = promised == other.promised();
        if (both && !Objects.equals(promisedTo, other.promisedTo())) {
            to = newest != null && newest.epoch() == latest ? newest.writer() : NOBODY;
        }
        return new RegisterState(latest, to, newest);
    }
}
