package io.understudy.cluster.register;

import io.understudy.cluster.peer.PeerClient;
import io.understudy.core.node.NodeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Gives a member's voters, which do not vote, everything that other voters keep: for each register
 * the latest promise and the newest value of any of them. Repeating it does no harm. Whether it is
 * enough to vote, its caller decides.
 */
public final class Relearning {

    private final List<RegisterVoter> voters;
    private final PeerClient client;
    private final Duration limit;

    /** On the wire: the registers that a voter keeps, damaged ones included. */
    record Keys(List<String> keys) {}

    /**
     * @param voters this member's, barred
     * @param client calls the others; closed by its owner
     * @param limit for each call
     */
    public Relearning(List<RegisterVoter> voters, PeerClient client, Duration limit) {
        this.voters = List.copyOf(voters);
        this.client = client;
        this.limit = limit;
    }

    /**
     * Learns.
     *
     * @return completes with the number of registers learned, when they are on this disk;
     *     exceptionally if one of {@code from} did not answer for one of its registers, or one
     *     could not be written: then nothing follows from what was learned
     */
    public CompletionStage<Integer> learn(List<NodeName> from) {
        List<CompletableFuture<Integer>> all = new ArrayList<>();
        for (RegisterVoter voter : voters) {
            for (NodeName peer : from) {
                all.add(
                        client.call(peer, voter.path("keys"), null, Keys.class, limit)
                                .thenCompose(keys -> registers(voter, peer, keys.keys()))
                                .toCompletableFuture());
            }
        }
        return sum(all);
    }

    private CompletionStage<Integer> registers(
            RegisterVoter voter, NodeName peer, List<String> keys) {
        List<CompletableFuture<Integer>> all = new ArrayList<>();
        for (String key : keys) {
            RegisterCall call = new RegisterCall(key, -1, -1, null, null);
            all.add(
                    client.call(peer, voter.path("read"), call, RegisterCall.Answer.class, limit)
                            .thenApply(
                                    answer -> {
                                        voter.adopt(key, answer.state());
                                        return 1;
                                    })
                            .toCompletableFuture());
        }
        return sum(all);
    }

    private static CompletionStage<Integer> sum(List<CompletableFuture<Integer>> all) {
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(
                        done -> all.stream().map(CompletableFuture::join).reduce(0, Integer::sum));
    }
}
