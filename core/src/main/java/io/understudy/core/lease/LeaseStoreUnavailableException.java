package io.understudy.core.lease;

/** The lease store gave no answer in time: no majority, an election, or a member that hangs. */
public final class LeaseStoreUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message one sentence: what was asked and what is missing
     * @param cause what the store's client said, or null
     */
    public LeaseStoreUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
