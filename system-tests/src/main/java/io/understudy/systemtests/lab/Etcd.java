package io.understudy.systemtests.lab;

import io.understudy.systemtests.Layout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The three voters that keep Patroni's state, one on each member's host. */
final class Etcd {

    private static final int CLIENTS = 2379;
    private static final int PEERS = 2380;

    private final PeerLab lab;
    private final boolean tuned;
    private final Map<String, Process> voters = new HashMap<>();

    Etcd(PeerLab lab, boolean tuned) {
        this.lab = lab;
        this.tuned = tuned;
    }

    /** Starts a member's voter, if it does not run. */
    void start(String member) {
        if (runs(member)) {
            return;
        }
        String address = Wires.address(member);
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "etcd",
                                "--name",
                                member,
                                "--data-dir",
                                lab.directory().resolve(member + "-etcd").toString(),
                                "--listen-client-urls",
                                url(address, CLIENTS),
                                "--advertise-client-urls",
                                url(address, CLIENTS),
                                "--listen-peer-urls",
                                url(address, PEERS),
                                "--initial-advertise-peer-urls",
                                url(address, PEERS),
                                "--initial-cluster",
                                Layout.MEMBERS.stream()
                                        .map(m -> m + "=" + url(Wires.address(m), PEERS))
                                        .collect(Collectors.joining(",")),
                                "--initial-cluster-token",
                                "lab"));
        if (tuned) {
            command.addAll(List.of("--heartbeat-interval", "50", "--election-timeout", "500"));
        }
        voters.put(member, lab.host(member).start(lab.log(member, "etcd"), command));
    }

    private static String url(String address, int port) {
        return "http://" + address + ":" + port;
    }

    /** Returns whether a member's voter runs. */
    boolean runs(String member) {
        Process voter = voters.get(member);
        return voter != null && voter.isAlive();
    }

    /** Returns where clients find the voters, separated by commas. */
    static String endpoints() {
        return Layout.MEMBERS.stream()
                .map(m -> Wires.address(m) + ":" + CLIENTS)
                .collect(Collectors.joining(","));
    }
}
