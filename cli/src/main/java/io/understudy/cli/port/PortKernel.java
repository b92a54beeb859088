package io.understudy.cli.port;

import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** What the kernel lets in. Used by one thread at a time. */
interface PortKernel extends AutoCloseable {

    /**
     * Makes the table anew: from now on no other host reaches {@code guarded} ports of this one,
     * but those that {@link #open} names.
     *
     * @throws IOException if it is refused: cause; then everything is as before
     */
    void guard(Set<Integer> guarded) throws IOException;

    /**
     * Opens these ports for so long and closes all others that are guarded, at once. When the time
     * is over the kernel closes them, whatever has become of this process.
     *
     * @param millis by port, each at least 1
     * @throws IOException if it is refused, or the table is gone: cause
     */
    void open(Map<Integer, Long> millis) throws IOException;

    /**
     * Removes the table: everything is as if nothing was ever guarded.
     *
     * @throws IOException if it is refused: cause
     */
    void clear() throws IOException;

    /** Ends the line to the kernel; what is in force stays. */
    @Override
    void close();
}
