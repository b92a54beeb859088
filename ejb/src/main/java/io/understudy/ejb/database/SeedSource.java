package io.understudy.ejb.database;

import io.understudy.core.lease.Epoch;
import java.io.IOException;
import java.io.InputStream;

/**
 * How a standby gets the copy that {@link DatabaseEngine#seed} writes on the primary's node, for
 * example the peer protocol's authenticated stream. The transport must tell a cut from an end: a
 * cut shows as an IOException.
 */
@FunctionalInterface
public interface SeedSource {

    /**
     * Asks the primary's node to begin a copy. Reading blocks, within a limit of the transport.
     *
     * @param epoch the tenure of the primary that is to be copied
     * @return the stream; closing it early ends the copying on the other side
     * @throws IOException if the primary's node cannot be reached or refuses: cause, next step
     */
    InputStream open(Epoch epoch) throws IOException, InterruptedException;
}
