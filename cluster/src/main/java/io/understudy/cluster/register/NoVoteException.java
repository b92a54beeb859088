package io.understudy.cluster.register;

/** A voter does not vote on a register: what it kept is damaged, or its member is stopping. */
public final class NoVoteException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NoVoteException(String message) {
        super(message);
    }
}
