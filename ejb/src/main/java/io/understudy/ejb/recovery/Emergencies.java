package io.understudy.ejb.recovery;

import io.understudy.cluster.configuration.ReplicatedConfiguration;
import io.understudy.cluster.ledger.QuorumLedger;
import io.understudy.cluster.member.Peering;
import io.understudy.cluster.voters.CpVoters;
import io.understudy.cluster.voters.VoterState;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.ledger.NoQuorumException;
import io.understudy.core.node.NodeName;
import io.understudy.ejb.control.ErrorCode;
import io.understudy.ejb.control.RefusedException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** What only an operator's word may do to the voters. Calls wait, at most {@link #LIMIT}. */
final class Emergencies {

    /** A reset takes about 3 s, a re-admission about 5 s. */
    static final Duration LIMIT = Duration.ofSeconds(12);

    private static final String ITSELF = "Understudy";

    private final NodeConfiguration node;
    private final Optional<CpVoters> voters;
    private final QuorumLedger ledger;
    private final ReplicatedConfiguration configuration;
    private final Peering peering;
    private final Happenings happenings;

    Emergencies(
            NodeConfiguration node,
            Optional<CpVoters> voters,
            QuorumLedger ledger,
            ReplicatedConfiguration configuration,
            Peering peering,
            Happenings happenings) {
        this.node = node;
        this.voters = voters;
        this.ledger = ledger;
        this.configuration = configuration;
        this.peering = peering;
        this.happenings = happenings;
        voters.ifPresent(v -> v.whenResetByItself(() -> happenings.storeReset(ITSELF)));
    }

    private CpVoters voters() throws RefusedException {
        return voters.orElseThrow(
                () ->
                        new RefusedException(
                                ErrorCode.REFUSED,
                                "Node " + node.name() + " does not vote: it keeps no part of this.",
                                "Ask one of the voters "
                                        + node.voters().stream()
                                                .map(NodeName::value)
                                                .collect(Collectors.joining(", "))
                                        + " with --url."));
    }

    /** Resets the consensus store; returns when the voters have met again. */
    void resetStore(String by) throws RefusedException {
        CpVoters seats = voters();
        VoterState state = seats.state();
        List<NodeName> missing =
                state.voters().entrySet().stream()
                        .filter(voter -> !voter.getValue().connected())
                        .map(Map.Entry::getKey)
                        .toList();
        if (!missing.isEmpty()) {
            String names = missing.stream().map(NodeName::value).collect(Collectors.joining(", "));
            throw new RefusedException(
                    ErrorCode.REFUSED,
                    "The lease store can be reset only when all three members are connected;"
                            + " missing: "
                            + names
                            + ".",
                    "Start "
                            + names
                            + ", or mend the network, and repeat. If all were stopped and one"
                            + " cannot come: understudy stand-in.");
        }
        if (state.redundant()) {
            throw new RefusedException(
                    ErrorCode.ALREADY_THERE,
                    "The lease store works and all three members vote in it: it is not reset.");
        }
        happenings.storeReset(by);
        await(seats.reset(), "The lease store");
    }

    /** Lets this node's voter vote again on what was damaged here. */
    void readmit(InstanceName instance, String by) throws RefusedException {
        voters();
        List<CompletableFuture<Boolean>> asked =
                List.of(
                        ledger.readmit(instance).toCompletableFuture(),
                        configuration.readmit().toCompletableFuture(),
                        peering.holds().readmit().toCompletableFuture(),
                        peering.removals().readmit().toCompletableFuture(),
                        happenings.readmit().toCompletableFuture());
        CompletionStage<Boolean> any =
                CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                        .thenApply(all -> asked.stream().anyMatch(CompletableFuture::join));
        boolean readmitted = await(any, "The voter of " + node.name());
        if (!readmitted) {
            throw new RefusedException(
                    ErrorCode.ALREADY_THERE,
                    "Node "
                            + node.name()
                            + " votes already: nothing of it is damaged for "
                            + instance
                            + ".",
                    "If another member's log says so, ask that one with --url.");
        }
        happenings.readmitted(instance, by);
    }

    private static <T> T await(CompletionStage<T> stage, String what) throws RefusedException {
        try {
            return stage.toCompletableFuture().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw refusal(e.getCause());
        } catch (TimeoutException e) {
            throw new RefusedException(
                    ErrorCode.OUTCOME_UNKNOWN,
                    what + " did not answer within " + LIMIT.toSeconds() + " s.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException(
                    ErrorCode.OUTCOME_UNKNOWN, "Waiting was cut short: this node is stopping.");
        }
    }

    private static RefusedException refusal(Throwable error) {
        Throwable cause = error instanceof CompletionException ? error.getCause() : error;
        if (cause instanceof NoQuorumException) {
            return new RefusedException(
                    ErrorCode.REFUSED,
                    cause.getMessage(),
                    "Start every member, or mend the network between them, and repeat.");
        }
        return new RefusedException(ErrorCode.OUTCOME_UNKNOWN, String.valueOf(cause.getMessage()));
    }
}
