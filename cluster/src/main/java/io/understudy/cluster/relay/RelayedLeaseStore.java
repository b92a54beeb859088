package io.understudy.cluster.relay;

import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.peer.PeerException;
import io.understudy.cluster.peer.PeerException.Kind;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.lease.LeaseStore;
import io.understudy.core.lease.LeaseStoreUnavailableException;
import io.understudy.core.node.NodeName;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * The lease store as a member sees it that does not vote: asks one voter, and the next one where
 * that one does not answer. The voter that answered last is asked first. Stages complete on threads
 * of the peer client: what is chained to them must not block.
 *
 * <p>A write whose first asking got no answer may have been made. It is asked for again all the
 * same: made twice it changes nothing, for the second finds another record. Then the record tells,
 * since records only rise in (epoch, sequence) and nobody else writes the same one: if it is the
 * one that was to be written, it was; if it is an older one or another of the same number, it was
 * not and never will be; if it is a later one, that is unknown, and the call fails.
 */
public final class RelayedLeaseStore implements LeaseStore {

    private final List<NodeName> voters;
    private final PeerClient client;
    private final Duration limit;
    private volatile int first;

    /**
     * @param voters who keeps the store
     * @param client calls them; closed by its owner
     * @param limit how long a call may take in all; each voter is given an equal part of it
     */
    public RelayedLeaseStore(List<NodeName> voters, PeerClient client, Duration limit) {
        this.voters = List.copyOf(voters);
        this.client = Objects.requireNonNull(client, "client");
        this.limit = Objects.requireNonNull(limit, "limit");
    }

    @Override
    public CompletionStage<Optional<LeaseRecord>> read(InstanceName instance) {
        return new Asking(instance, "read").read(0);
    }

    @Override
    public CompletionStage<Boolean> compareAndSet(
            InstanceName instance, Optional<LeaseRecord> expected, LeaseRecord next) {
        return new Asking(instance, "written")
                .write(0, expected.map(LeaseRecord::encoded).orElse(null), next, false);
    }

    /** One call, through as many voters as it takes. */
    private final class Asking {

        private final InstanceName instance;
        private final String verb;
        private final int begin = first;
        private final long start = System.nanoTime();
        private String problem = "";

        Asking(InstanceName instance, String verb) {
            this.instance = instance;
            this.verb = verb;
        }

        CompletableFuture<Optional<LeaseRecord>> read(int attempt) {
            if (attempt == voters.size()) {
                return unavailable();
            }
            return ask(attempt, RelayCall.READ, new RelayCall(instance, null, null))
                    .thenCompose(
                            heard ->
                                    heard.answer == null
                                            ? read(attempt + 1)
                                            : CompletableFuture.completedFuture(
                                                    Optional.ofNullable(heard.answer.record())
                                                            .map(LeaseRecord::decode)));
        }

        CompletableFuture<Boolean> write(
                int attempt, String expected, LeaseRecord next, boolean doubt) {
            if (attempt == voters.size()) {
                return unavailable();
            }
            RelayCall call = new RelayCall(instance, expected, next.encoded());
            return ask(attempt, RelayCall.WRITE, call)
                    .thenCompose(
                            heard -> {
                                if (heard.answer == null) {
                                    boolean may = doubt || !heard.certainlyNothing;
                                    return write(attempt + 1, expected, next, may);
                                }
                                boolean written = heard.answer.written();
                                return written || !doubt
                                        ? CompletableFuture.completedFuture(written)
                                        : settle(next);
                            });
        }

        /** An earlier voter may have written it. */
        private CompletableFuture<Boolean> settle(LeaseRecord next) {
            return read(0).thenCompose(
                            found -> {
                                if (found.equals(Optional.of(next))) {
                                    return CompletableFuture.completedFuture(true);
                                }
                                if (found.map(record -> !isLater(record, next)).orElse(true)) {
                                    return CompletableFuture.completedFuture(false);
                                }
                                problem = "the answer of a voter was lost";
                                return unavailable();
                            });
        }

        private boolean isLater(LeaseRecord record, LeaseRecord than) {
            int epochs = record.epoch().compareTo(than.epoch());
            return epochs > 0 || epochs == 0 && record.sequence() > than.sequence();
        }

        private CompletableFuture<Heard> ask(int attempt, String path, RelayCall call) {
            int index = (begin + attempt) % voters.size();
            Duration part = part(attempt);
            if (part.isNegative() || part.isZero()) {
                return CompletableFuture.completedFuture(new Heard(null, true));
            }
            return client.callByMain(voters.get(index), path, call, RelayCall.Answer.class, part)
                    .toCompletableFuture()
                    .handle(
                            (answer, error) -> {
                                if (error != null) {
                                    return failed(error);
                                }
                                if (answer.problem() != null) {
                                    problem = answer.problem();
                                    return new Heard(null, false);
                                }
                                first = index;
                                return new Heard(answer, true);
                            });
        }

        /** An equal part of what is left, so that one voter that hangs does not use up all. */
        private Duration part(int attempt) {
            long left = limit.toNanos() - (System.nanoTime() - start);
            return Duration.ofNanos(left / (voters.size() - attempt));
        }

        private Heard failed(Throwable error) {
            Throwable cause = error instanceof CompletionException ? error.getCause() : error;
            problem = String.valueOf(cause.getMessage());
            boolean nothing =
                    cause instanceof PeerException known
                            && (known.kind() == Kind.NOT_CONNECTED
                                    || known.kind() == Kind.NOT_AUTHENTIC
                                    || known.kind() == Kind.REFUSED);
            return new Heard(null, nothing);
        }

        private <T> CompletableFuture<T> unavailable() {
            return CompletableFuture.failedFuture(
                    new LeaseStoreUnavailableException(
                            "The lease of '%s' could not be %s through %s: %s"
                                    .formatted(instance, verb, voters, problem),
                            null));
        }
    }

    /** What came of asking one voter; no answer, and whether it certainly did nothing. */
    private record Heard(RelayCall.Answer answer, boolean certainlyNothing) {}
}
