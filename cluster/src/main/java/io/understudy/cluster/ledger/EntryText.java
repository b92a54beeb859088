package io.understudy.cluster.ledger;

import io.understudy.cluster.peer.PeerJson;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.ledger.Reason;
import io.understudy.core.node.NodeName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * An entry as text. Sets are sorted: equal entries must give equal texts, for a voter tells a
 * repeated write from a contradicting one by comparing them.
 */
public record EntryText(
        InstanceName instance,
        Epoch epoch,
        long revision,
        NodeName writer,
        List<NodeName> inSync,
        NodeName assigned,
        Reason reason,
        boolean parked,
        List<NodeName> failed) {

    /** Returns an entry as text. */
    public static String of(LedgerEntry entry) {
        EntryText text =
                new EntryText(
                        entry.instance(),
                        entry.epoch(),
                        entry.revision(),
                        entry.writer(),
                        List.copyOf(entry.inSyncSorted()),
                        entry.assigned(),
                        entry.reason(),
                        entry.parked(),
                        List.copyOf(new TreeSet<>(entry.failed())));
        return new String(PeerJson.write(text), StandardCharsets.UTF_8);
    }

    /** Reads {@link #of} back. */
    public static LedgerEntry parse(String text) {
        try {
            EntryText read = PeerJson.read(text.getBytes(StandardCharsets.UTF_8), EntryText.class);
            return new LedgerEntry(
                    read.instance(),
                    read.epoch(),
                    read.revision(),
                    read.writer(),
                    Set.copyOf(read.inSync()),
                    read.assigned(),
                    read.reason(),
                    read.parked(),
                    Set.copyOf(read.failed()));
        } catch (IOException e) {
            throw new IllegalStateException(
                    "A ledger entry cannot be read; do all members run the same version? " + text,
                    e);
        }
    }
}
