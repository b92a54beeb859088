package io.understudy.ejb.address;

/** An address did not come, or did not go: cause and next step. */
public final class AddressException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Makes one with its sentence. */
    public AddressException(String message) {
        super(message);
    }
}
