package io.understudy.cluster.register;

/** A voter may not vote on a register, because what it kept of it is damaged. */
public final class RegisterDamagedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RegisterDamagedException(String message) {
        super(message);
    }
}
