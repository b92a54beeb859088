package io.understudy.cli.node;

import io.understudy.cli.guard.Guard;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.cluster.peer.Secret;
import java.io.IOException;

/** The guard's TCP port: tells peers, by the peer protocol, whether everything here is stopped. */
final class GuardPort {

    private GuardPort() {}

    /**
     * What a peer is told.
     *
     * @param node this member
     * @param jvm {@code alive} or {@code dead}
     * @param stopped whether the server process is dead and nothing that it started lives
     */
    record Answer(String node, String jvm, boolean stopped) {}

    /**
     * Opens the port and answers {@code /guard}, and {@code /guard/fence}, by which a peer that is
     * ready to go on has a server process ended that hangs.
     *
     * @throws IOException if it cannot be bound
     */
    static PeerServer open(NodeSetup setup, Guard guard) throws IOException {
        PeerServer server =
                new PeerServer(setup.node(), setup.node().guardPort(), Secret.load(setup.secret()));
        String name = setup.node().name().value();
        server.handle("/guard", request -> answer(name, guard));
        server.handle(
                "/guard/fence",
                request -> {
                    guard.fence(request.from().value());
                    return answer(name, guard);
                });
        server.start();
        return server;
    }

    private static Answer answer(String name, Guard guard) {
        return new Answer(name, guard.isJvmAlive() ? "alive" : "dead", guard.isStopped());
    }
}
