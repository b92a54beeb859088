package io.understudy.cluster.peer;

import io.understudy.cluster.peer.Introduction.Refused;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.node.NodeName;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Refuses members that contradict this one's node file, and tells of each once in a while. */
final class Gate {

    private static final long TELL_AGAIN_NANOS = 300_000_000_000L;
    private static final int TOLD = 64;

    private final NodeName self;
    private final Map<String, String> addresses;
    private final Introduction own;
    private final Map<Refused, Long> told = new ConcurrentHashMap<>();
    private volatile Consumer<Refused> listener = refused -> {};
    private volatile BiFunction<NodeName, String, Optional<String>> further =
            (member, path) -> Optional.empty();

    Gate(NodeConfiguration node, String version) {
        this.self = node.name();
        this.addresses = Introduction.addresses(node);
        this.own = Introduction.of(node, version);
    }

    void refuse(BiFunction<NodeName, String, Optional<String>> rule) {
        further = rule;
    }

    void listen(Consumer<Refused> next) {
        listener = next;
    }

    /** Returns why a call is refused, or nothing. */
    Optional<String> refusal(Envelope envelope) {
        if (!addresses.containsKey(envelope.from())) {
            return Optional.of(
                    envelope.from()
                            + " is not a member here: add it to cluster.members of "
                            + self
                            + ".");
        }
        Optional<Introduction> theirs = Introduction.decode(envelope.member());
        if (theirs.isEmpty()) {
            return Optional.of("The call does not say where it comes from.");
        }
        Optional<Refused> refused =
                own.contradiction(addresses, NodeName.of(envelope.from()), theirs.get());
        if (refused.isEmpty()) {
            return further.apply(NodeName.of(envelope.from()), envelope.path());
        }
        tell(refused.get());
        return refused.map(r -> r.sentence(self));
    }

    private void tell(Refused refused) {
        long now = System.nanoTime();
        Long before = told.get(refused);
        boolean due = before == null || now - before > TELL_AGAIN_NANOS;
        if (due && (before != null || told.size() < TOLD)) {
            told.put(refused, now);
            listener.accept(refused);
        }
    }
}
