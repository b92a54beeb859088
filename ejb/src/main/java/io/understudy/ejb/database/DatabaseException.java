package io.understudy.ejb.database;

/**
 * The outside world failed a database: one sentence with cause and object, and a next step. Never
 * holds a secret.
 */
public class DatabaseException extends Exception {

    private static final long serialVersionUID = 1;

    /** With a message only. */
    public DatabaseException(String message) {
        super(message);
    }

    /** With a message and the cause below it. */
    public DatabaseException(String message, Throwable cause) {
        super(message, cause);
    }
}
