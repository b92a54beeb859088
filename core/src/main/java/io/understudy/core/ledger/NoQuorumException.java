package io.understudy.core.ledger;

/** Fewer than a majority of the voters answered in time. */
public final class NoQuorumException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message one sentence: what was asked, who answered and who did not
     */
    public NoQuorumException(String message) {
        super(message);
    }
}
