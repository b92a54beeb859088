package io.understudy.core.simulation;

import io.understudy.core.lease.Epoch;
import io.understudy.core.ledger.Ledger;
import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.recovery.Event;
import java.util.Optional;

/** What a node was told in one life of it: of the voters, and of its own entries in the ledger. */
final class Told {

    private final SimNode node;
    private boolean missing;
    private Optional<LedgerEntry> stored = Optional.empty();
    private Optional<LedgerEntry> shared = Optional.empty();

    Told(SimNode node) {
        this.node = node;
    }

    /** Looks for the voters; of the two lies only that all are there could do any harm. */
    void voters() {
        if (!node.sim.continues) {
            return;
        }
        boolean lies = node.sim.lies && node.sim.policy.nextInt(4) == 0;
        boolean now = !lies && node.sim.store.missing(node);
        if (now != missing) {
            missing = now;
            node.post(new Event.Voters(now));
        }
    }

    void begun(LedgerEntry entry) {
        if (entry.inSync().size() > 1) {
            shared = Optional.of(entry);
        }
    }

    void answered(LedgerEntry entry, Ledger.Written written) {
        if (written == Ledger.Written.STORED) {
            stored = Optional.of(entry);
        }
    }

    /** It was told that its entry, which lets nobody else serve, is stored, and wrote no other. */
    boolean pinKnown(Epoch epoch) {
        return stored.filter(e -> e.epoch().equals(epoch) && e.inSync().size() == 1)
                .filter(e -> shared.filter(s -> s.compareTo(e) > 0).isEmpty())
                .isPresent();
    }
}
