package io.understudy.core.ledger;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A ledger in memory: voters that can be switched off, and one {@link Ledger} per life of a node
 * that asks them. Calls complete before they return.
 */
public final class InMemoryLedger {

    private final List<Voter> voters = new ArrayList<>();

    /**
     * @param count how many voters there are, all switched on
     */
    public InMemoryLedger(int count) {
        for (int i = 0; i < count; i++) {
            voters.add(new Voter());
        }
    }

    /** Switches a voter on or off; it keeps what it knows, as a disk does. */
    public void switchVoter(int index, boolean on) {
        voters.get(index).on = on;
    }

    /**
     * Returns the ledger as one life of a node uses it: an epoch is promised to one life only, so a
     * node that restarts gets another one.
     */
    public Ledger newLife() {
        return new View();
    }

    private static final class Kept {
        private Epoch promised = Epoch.NONE;
        private Ledger promisedTo;
        private LedgerEntry entry;

        boolean refuses(Epoch epoch, Ledger proposer) {
            return epoch.isBefore(promised)
                    || (epoch.equals(promised) && promisedTo != null && promisedTo != proposer);
        }
    }

    private static final class Voter {
        private boolean on = true;
        private final Map<InstanceName, Kept> kept = new HashMap<>();

        Kept kept(InstanceName instance) {
            return kept.computeIfAbsent(instance, i -> new Kept());
        }
    }

    private final class View implements Ledger {
        @Override
        public CompletionStage<Optional<LedgerEntry>> read(InstanceName instance) {
            List<Kept> answering = answering(instance);
            return hasMajority(answering.size())
                    ? CompletableFuture.completedFuture(newest(answering))
                    : noQuorum(instance, answering.size());
        }

        @Override
        public CompletionStage<Claim> claim(InstanceName instance, Epoch epoch) {
            List<Kept> answering = answering(instance);
            int granted = 0;
            for (Kept kept : answering) {
                if (!kept.refuses(epoch, this)) {
                    kept.promised = epoch;
                    kept.promisedTo = this;
                    granted++;
                }
            }
            if (!hasMajority(answering.size())) {
                return noQuorum(instance, answering.size());
            }
            Epoch promised =
                    answering.stream().map(k -> k.promised).reduce(Epoch.NONE, Epoch::later);
            return CompletableFuture.completedFuture(
                    new Claim(hasMajority(granted), newest(answering), promised));
        }

        @Override
        public CompletionStage<Written> write(LedgerEntry entry) {
            List<Kept> answering = answering(entry.instance());
            int stored = 0;
            for (Kept kept : answering) {
                boolean older = kept.entry != null && kept.entry.compareTo(entry) > 0;
                boolean other =
                        kept.entry != null
                                && kept.entry.compareTo(entry) == 0
                                && !kept.entry.equals(entry);
                if (!kept.refuses(entry.epoch(), this) && !older && !other) {
                    kept.promised = entry.epoch();
                    kept.promisedTo = this;
                    kept.entry = entry;
                    stored++;
                }
            }
            if (!hasMajority(answering.size())) {
                return noQuorum(entry.instance(), answering.size());
            }
            return CompletableFuture.completedFuture(
                    hasMajority(stored) ? Written.STORED : Written.REFUSED);
        }

        private List<Kept> answering(InstanceName instance) {
            return voters.stream().filter(v -> v.on).map(v -> v.kept(instance)).toList();
        }

        private boolean hasMajority(int count) {
            return count > voters.size() / 2;
        }

        private Optional<LedgerEntry> newest(List<Kept> answering) {
            return answering.stream()
                    .map(k -> Optional.ofNullable(k.entry))
                    .flatMap(Optional::stream)
                    .max(LedgerEntry::compareTo);
        }

        private <T> CompletionStage<T> noQuorum(InstanceName instance, int count) {
            return CompletableFuture.failedFuture(
                    new NoQuorumException(
                            "only "
                                    + count
                                    + " of "
                                    + voters.size()
                                    + " voters answer for "
                                    + instance));
        }
    }
}
