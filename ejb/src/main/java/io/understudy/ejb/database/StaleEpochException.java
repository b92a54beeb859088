package io.understudy.ejb.database;

import io.understudy.core.lease.Epoch;

/** A command of a tenure that is over: this copy has obeyed a later one. Nothing was done. */
public final class StaleEpochException extends DatabaseException {

    private static final long serialVersionUID = 1;

    /** Names both epochs. */
    public StaleEpochException(String database, Epoch given, Epoch known) {
        super(
                "database '"
                        + database
                        + "' refuses a command of epoch "
                        + given
                        + ": it has obeyed epoch "
                        + known
                        + "; read the lease again");
    }
}
