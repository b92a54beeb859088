package io.understudy.cluster.peer;

import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.PeerFacts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/** At which addresses a member is called, the one to try first first; strangers at none. */
final class Routes {

    private final Map<NodeName, String> addresses;
    private volatile Function<NodeName, Optional<PeerFacts>> facts = peer -> Optional.empty();

    Routes(NodeConfiguration node) {
        addresses =
                node.members().stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        NodeConfiguration.Member::name,
                                        NodeConfiguration.Member::address));
    }

    void observe(Function<NodeName, Optional<PeerFacts>> next) {
        facts = next;
    }

    /** Never by the direct link. */
    List<String> main(NodeName peer) {
        return Optional.ofNullable(addresses.get(peer)).stream().map(Routes::bracketed).toList();
    }

    /** For what is small: by the direct link where the other network is lost. */
    List<String> calls(NodeName peer) {
        return by(peer, PeerFacts::callAddresses);
    }

    /** For what is large: by the direct link where it carries. */
    List<String> streams(NodeName peer) {
        return by(peer, PeerFacts::addresses);
    }

    private List<String> by(NodeName peer, BiFunction<PeerFacts, String, List<String>> order) {
        Optional<PeerFacts> known = facts.apply(peer);
        String main = addresses.get(peer);
        return known.isEmpty() || main == null
                ? main(peer)
                : order.apply(known.get(), main).stream().map(Routes::bracketed).toList();
    }

    private static String bracketed(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    /**
     * Asks at one address after the other. Only what was never sent is sent again: a call may do
     * something.
     */
    static CompletableFuture<Answer> first(
            List<String> hosts, Function<String, CompletableFuture<Answer>> attempt) {
        CompletableFuture<Answer> one = attempt.apply(hosts.get(0));
        return hosts.size() == 1
                ? one
                : one.handle(
                                (answer, error) ->
                                        error != null && Answer.neverSent(error)
                                                ? first(hosts.subList(1, hosts.size()), attempt)
                                                : one)
                        .thenCompose(next -> next);
    }
}
