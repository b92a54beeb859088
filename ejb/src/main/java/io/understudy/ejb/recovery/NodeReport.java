package io.understudy.ejb.recovery;

import io.understudy.core.recovery.Phase;
import io.understudy.core.view.ClusterView;
import java.util.List;
import java.util.Map;

/**
 * What a node tells its peers about itself, as JSON through the peer protocol.
 *
 * @param role the member's role, as in its node file
 * @param voterProblem what is wrong with the voters by its word, or null
 * @param instances by instance name
 */
record NodeReport(String role, String voterProblem, Map<String, OfInstance> instances) {

    /**
     * One instance on the node.
     *
     * @param able whether it could serve, by its own word
     * @param databasePrimary whether its copies take writes
     * @param databaseFailed whether its database is what failed
     * @param failed whether a start failed there and has not succeeded since
     * @param restarted whether the node started after the turn last changed
     * @param initializing whether it has not yet learned who holds the lease and whose turn it is
     * @param started wall time in ms when the node began with the instance
     * @param addresses those that are installed there
     * @param ports the guarded ones, or null
     * @param ledger the newest entry of the ledger that it knows, as {@link
     *     io.understudy.cluster.ledger.EntryText}; null for none
     * @param lease the last record of the lease that it read, encoded, as if it had never been
     *     renewed; null for none
     * @param givingMillis how long ago it began to give the instance away; null: it did not
     * @param givingDecidedMillis how long ago it began to stop what serves; null: it did not
     */
    record OfInstance(
            Phase phase,
            boolean able,
            boolean databasePrimary,
            boolean databaseFailed,
            boolean failed,
            boolean restarted,
            boolean initializing,
            long epoch,
            boolean provisional,
            long started,
            List<ClusterView.Service> services,
            List<ClusterView.Database> databases,
            List<ClusterView.Address> addresses,
            ClusterView.Ports ports,
            String ledger,
            String lease,
            Long givingMillis,
            Long givingDecidedMillis) {

        /** One of an earlier version tells nothing of addresses. */
        OfInstance {
            addresses = addresses == null ? List.of() : List.copyOf(addresses);
        }
    }
}
