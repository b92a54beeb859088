package io.understudy.cluster.heartbeat;

import io.understudy.core.node.NodeName;
import io.understudy.core.time.Moment;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Asks a silent peer's host whether the peer's process is gone. */
@FunctionalInterface
public interface DeathProof {

    /**
     * Asks once; returns at once.
     *
     * @return the moment before the question if the process is proven gone, empty otherwise; never
     *     exceptional
     */
    CompletionStage<Optional<Moment>> ask(NodeName peer);
}
