package io.understudy.ejb.database;

import io.understudy.core.database.DatabaseFacts;
import io.understudy.core.database.ReplicationMode;
import io.understudy.core.lease.Epoch;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;

/**
 * One copy of one database of an instance, on this node. Methods block, each within its limit, and
 * may be called by several threads; commands follow one another, {@link #observe} waits for none of
 * them. Every command is idempotent: it may be repeated after any failure or crash. Every command
 * carries the epoch of the tenure on whose behalf it acts; the copy records the latest on disk
 * before it obeys and refuses an older one ({@link StaleEpochException}).
 */
public interface DatabaseEngine extends AutoCloseable {

    /** Returns what is observed now; takes at most about a second and never fails. */
    DatabaseFacts observe();

    /**
     * Makes this copy the primary. A running standby is promoted; a stopped copy is started. Cuts
     * short a {@link #standby} in progress.
     *
     * @param mode in effect before the first write can be acknowledged
     * @param create whether a new, empty database may be made if this node has never had a copy.
     *     With a trace of a former copy, or without {@code create}, a missing copy is a failure.
     * @param limit how long it may take
     */
    void primary(Epoch epoch, ReplicationMode mode, boolean create, Duration limit)
            throws DatabaseException, InterruptedException;

    /**
     * Makes this copy follow the other node's primary; returns when it streams from it. A copy that
     * can follow as it is does so; otherwise it is made anew from the primary, and what may hold
     * something that the primary lacks is set aside first, never overwritten.
     *
     * @param limit how long it may take without any progress
     * @param progress hears of copying
     */
    StandbyResult standby(Epoch epoch, Upstream upstream, Duration limit, Progress progress)
            throws DatabaseException, InterruptedException;

    /**
     * Changes how this primary treats its standby; returns when that is in effect. With {@link
     * ReplicationMode#SYNCHRONOUS} it is so only when the standby has on disk everything that was
     * acknowledged before, so that on return nothing acknowledged is on one side alone; if that
     * cannot be had within {@code limit} the former mode is restored and the call fails.
     */
    void replicate(Epoch epoch, ReplicationMode mode, Duration limit)
            throws DatabaseException, InterruptedException;

    /**
     * The other node is another one now, or there is none any more. A running primary lets the new
     * one in and keeps nothing for a former one; anything else learns of it at its next start.
     */
    void partnerChanged() throws DatabaseException, InterruptedException;

    /**
     * A path to the other node is lost or carries again. A standby streams by the first of {@code
     * upstream}'s addresses from now on, and is without its stream for a moment if that is another
     * one than before; a primary lets the other node in from all of them. Does nothing to a copy
     * that does not run.
     *
     * @param upstream the other node
     * @param lost the other node's address on the path that is lost: what came from there is ended
     */
    void pathsChanged(Upstream upstream, Optional<String> lost)
            throws DatabaseException, InterruptedException;

    /**
     * Leaves with a stopped copy what a human needs to start it by itself, without Understudy. The
     * copy's directory may be renamed afterwards. Does nothing where there is no copy.
     */
    void leaveBehind() throws DatabaseException;

    /**
     * Does for an orderly stop what can be done while clients still work, so that the {@link #stop}
     * that follows is short. Nothing where this is no running primary; what does not succeed is
     * done by the stop.
     *
     * @param limit how long it may take
     */
    void prepareStop(Epoch epoch, Duration limit) throws DatabaseException, InterruptedException;

    /**
     * Stops the database; on return none of its processes runs. Cuts short any other command in
     * progress.
     *
     * @param limit how long an orderly stop may take before it is killed
     */
    StopResult stop(Epoch epoch, StopMode mode, Duration limit)
            throws DatabaseException, InterruptedException;

    /**
     * Writes a whole copy of this running primary to {@code out}, for the standby's {@link
     * #standby}. Takes as long as the reader takes; other commands go on meanwhile. The primary
     * keeps from now on what the copy needs to follow it.
     */
    void seed(Epoch epoch, OutputStream out) throws DatabaseException, InterruptedException;

    /** Returns how a service reaches this database. */
    DatabaseAccess access();

    /** Ends connections and, at once, the database's processes. */
    @Override
    void close();
}
