package io.understudy.cli.node;

import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.Failure;
import io.understudy.core.config.NodeConfiguration;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Whether a member's ports are free, asked before anything is started. */
public final class Ports {

    private static final int ANSWER_LIMIT_MILLIS = 1_000;

    private Ports() {}

    private record Need(String key, int port, boolean datagram) {}

    /**
     * Tries every port of a member.
     *
     * @throws Failure naming each port that cannot be had, its key, and who has it
     */
    public static void check(NodeConfiguration node, Console console) {
        List<Need> needs = new ArrayList<>();
        needs.add(new Need("cluster.port", node.clusterPort(), false));
        needs.add(new Need("cluster.port + 1", node.peerPort(), false));
        needs.add(new Need("cluster.port + 1", node.peerPort(), true));
        needs.add(new Need("cluster.port + 2", node.guardPort(), false));
        if (node.role() != NodeConfiguration.Role.WITNESS) {
            needs.add(new Need("http.port", node.httpPort(), false));
        }
        List<String> problems = new ArrayList<>();
        for (Need need : needs) {
            String problem = problem(node.address(), need, console);
            if (!problem.isEmpty()) {
                problems.add(problem);
            }
        }
        if (!problems.isEmpty()) {
            throw new Failure(
                    ExitCode.FAILED,
                    console.messages().text("ports.taken", node.name(), node.address()),
                    console.messages().text("ports.taken.next"),
                    problems);
        }
    }

    /** Returns whether a member answers at its peer port. */
    static boolean answers(NodeConfiguration node) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(node.address(), node.peerPort()), ANSWER_LIMIT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static String problem(String address, Need need, Console console) {
        try {
            bind(new InetSocketAddress(InetAddress.getByName(address), need.port()), need);
            return "";
        } catch (IOException e) {
            String protocol = need.datagram() ? "UDP" : "TCP";
            String owner =
                    PortOwner.find(need.port(), need.datagram())
                            .map(o -> console.messages().text("ports.owner", o))
                            .orElse("");
            return console.messages()
                    .text(
                            "ports.problem",
                            protocol,
                            need.port(),
                            need.key(),
                            e.getMessage(),
                            owner);
        }
    }

    private static void bind(InetSocketAddress address, Need need) throws IOException {
        if (need.datagram()) {
            try (DatagramSocket socket = new DatagramSocket(null)) {
                socket.bind(address);
            }
        } else {
            try (ServerSocket socket = new ServerSocket()) {
                // As the servers themselves do: connections of an earlier run may linger.
                socket.setReuseAddress(true);
                socket.bind(address, 1);
            }
        }
    }
}
