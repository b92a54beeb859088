package io.understudy.cluster.relay;

import io.understudy.cluster.peer.Loop;
import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.voters.LeaseAccess;
import io.understudy.cluster.voters.VoterState;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.LeaseStore;
import io.understudy.core.node.NodeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * The leases of a member that does not vote. How the store stands it asks the voters for once a
 * second, on a thread of its own, {@code understudy-voters-asked}.
 */
public final class RelayedLeases implements LeaseAccess {

    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration ASK_LIMIT = Duration.ofMillis(800);

    private final List<NodeName> voters;
    private final PeerClient client;
    private final RelayedLeaseStore store;
    private final Loop loop = new Loop("understudy-voters-asked");
    private volatile VoterState state;

    /**
     * @param node this member, none of its voters
     * @param client calls the voters; closed by its owner
     * @param limit how long a call to the lease store may take
     */
    public RelayedLeases(NodeConfiguration node, PeerClient client, Duration limit) {
        this.voters = node.voters();
        this.client = client;
        this.store = new RelayedLeaseStore(voters, client, limit);
        this.state = unheard();
        loop.runEvery(EVERY, this::ask);
    }

    @Override
    public LeaseStore leaseStore() {
        return store;
    }

    @Override
    public VoterState state() {
        return state;
    }

    @Override
    public CompletionStage<Boolean> leadHere(InstanceName instance, Duration limit) {
        return CompletableFuture.completedFuture(false);
    }

    @Override
    public boolean leads(InstanceName instance) {
        return true;
    }

    private void ask() {
        List<CompletableFuture<Optional<VoterState>>> asked = new ArrayList<>();
        for (NodeName voter : voters) {
            asked.add(
                    client.callByMain(
                                    voter, RelayCall.STATE, null, RelayCall.State.class, ASK_LIMIT)
                            .toCompletableFuture()
                            .handle(
                                    (answer, error) ->
                                            Optional.ofNullable(answer)
                                                    .map(RelayCall.State::read)));
        }
        List<VoterState> heard =
                asked.stream().map(CompletableFuture::join).flatMap(Optional::stream).toList();
        state = best(heard);
    }

    /** The word of a voter that reaches a majority counts before that of one that does not. */
    private VoterState best(List<VoterState> heard) {
        return heard.stream()
                .filter(s -> s.phase() == VoterState.Phase.READY)
                .findFirst()
                .or(() -> heard.stream().findFirst())
                .orElseGet(this::unheard);
    }

    private VoterState unheard() {
        Map<NodeName, VoterState.Voter> each = new TreeMap<>();
        voters.forEach(name -> each.put(name, new VoterState.Voter(false, false, false)));
        return new VoterState(
                VoterState.Phase.NO_MAJORITY,
                each,
                false,
                Optional.of(
                        "This node does not vote, and none of the voters %s answers it. Start them"
                                        .formatted(
                                                voters.stream()
                                                        .map(NodeName::value)
                                                        .collect(Collectors.joining(", ")))
                                + " or mend the network."));
    }

    @Override
    public void close() {
        loop.close();
    }
}
