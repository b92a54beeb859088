package io.understudy.cluster.ledger;

import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.register.QuorumRegister;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.ledger.Ledger;
import io.understudy.core.ledger.LedgerEntry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The ledger over the members' disks: every call asks all voters at once and completes with the
 * majority; the usual pair is this member's own disk and whichever other answers first. Stages
 * complete on threads of this object, within the limit.
 *
 * <p>An epoch is promised to one life of one member only, this object's: a claim of an epoch that
 * another member has claimed, or this member before it restarted, is refused with {@code promised}
 * equal to the epoch asked for. It may have written entries that it has forgotten.
 */
public final class QuorumLedger implements Ledger, AutoCloseable {

    private final QuorumRegister register;

    /**
     * @param node this member; cluster.voters vote
     * @param voter this member's own voter
     * @param client calls the others; closed by its owner
     * @param limit for a call to complete
     */
    public QuorumLedger(
            NodeConfiguration node, LedgerVoter voter, PeerClient client, Duration limit) {
        this.register = new QuorumRegister(node, voter.register(), client, limit);
    }

    @Override
    public CompletionStage<Optional<LedgerEntry>> read(InstanceName instance) {
        return register.newest(instance.value()).thenApply(text -> text.map(EntryText::parse));
    }

    @Override
    public CompletionStage<Claim> claim(InstanceName instance, Epoch epoch) {
        return register.claim(instance.value(), epoch.value())
                .thenApply(
                        outcome ->
                                new Claim(
                                        outcome.granted(),
                                        outcome.newest().map(EntryText::parse),
                                        new Epoch(outcome.promised())));
    }

    @Override
    public CompletionStage<Written> write(LedgerEntry entry) {
        return register.store(
                        entry.instance().value(),
                        entry.epoch().value(),
                        entry.revision(),
                        EntryText.of(entry))
                .thenApply(stored -> stored ? Written.STORED : Written.REFUSED);
    }

    /**
     * Lets this member's voter vote on an instance again after its file was damaged; an operator's
     * act, safe only while both other members answer.
     *
     * @return completes when it votes again, with whether it did not before; exceptionally with
     *     {@link io.understudy.core.ledger.NoQuorumException} if another member did not answer
     */
    public CompletionStage<Boolean> readmit(InstanceName instance) {
        return register.readmit(instance.value());
    }

    /** Ends the threads. */
    @Override
    public void close() {
        register.close();
    }
}
