package io.understudy.ejb.recovery;

import io.understudy.cluster.ledger.EntryText;
import io.understudy.core.lease.Epoch;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.node.NodeName;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What this node knows of an instance's lease and ledger: from its own loop, or, where it has no
 * part in the instance, by the word of the two nodes that have.
 */
record Known(Optional<LedgerEntry> ledger, Optional<LeaseRecord> record) {

    static Known of(
            Optional<InstanceLoop> loop,
            Optional<NodeReport.OfInstance> home,
            Optional<NodeReport.OfInstance> backup) {
        if (loop.isPresent()) {
            return new Known(loop.get().situation().ledger(), loop.get().situation().record());
        }
        Optional<LedgerEntry> newest =
                Stream.of(home, backup)
                        .flatMap(Optional::stream)
                        .map(NodeReport.OfInstance::ledger)
                        .filter(Objects::nonNull)
                        .map(EntryText::parse)
                        .max(Comparator.naturalOrder());
        Optional<LeaseRecord> last =
                Stream.of(home, backup)
                        .flatMap(Optional::stream)
                        .map(NodeReport.OfInstance::lease)
                        .filter(Objects::nonNull)
                        .map(LeaseRecord::decode)
                        .max(
                                Comparator.comparing(LeaseRecord::epoch)
                                        .thenComparingLong(LeaseRecord::sequence));
        return new Known(newest, last);
    }

    Optional<NodeName> holder() {
        return record.flatMap(LeaseRecord::holder);
    }

    Epoch epoch() {
        return Epoch.later(
                ledger.map(LedgerEntry::epoch).orElse(Epoch.NONE),
                record.map(LeaseRecord::epoch).orElse(Epoch.NONE));
    }
}
