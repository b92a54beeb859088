package io.understudy.cluster.heartbeat;

import io.understudy.cluster.peer.PeerServer;
import io.understudy.cluster.testing.TestNodes;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.timing.Timers;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Beta as a process of its own: peer port and heartbeat, nothing more. */
public final class BetaMain {

    private BetaMain() {}

    /**
     * @param arguments the cluster's port
     */
    public static void main(String[] arguments) throws Exception {
        NodeConfiguration node = TestNodes.at(Integer.parseInt(arguments[0])).node(TestNodes.BETA);
        PeerServer server = new PeerServer(node, TestNodes.SECRET);
        server.start();
        Heartbeat heartbeat =
                new Heartbeat(
                        node,
                        TestNodes.SECRET,
                        "0.1.0",
                        Timers.FAST,
                        peer -> CompletableFuture.completedFuture(Optional.empty()),
                        System::nanoTime);
        heartbeat.start();
        // The test ends this process; if the test itself dies, this ends soon by itself.
        new CompletableFuture<Void>()
                .completeOnTimeout(null, 60, java.util.concurrent.TimeUnit.SECONDS)
                .join();
        heartbeat.close();
        server.close();
    }
}
