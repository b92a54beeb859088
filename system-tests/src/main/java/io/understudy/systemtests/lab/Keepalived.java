package io.understudy.systemtests.lab;

import io.understudy.systemtests.Await;
import io.understudy.systemtests.Host;
import io.understudy.systemtests.Layout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** keepalived: VRRP between the two nodes, without a third opinion and without a database. */
final class Keepalived extends Peer {

    private static final Duration END = Duration.ofSeconds(10);

    private final Map<String, Process> daemons = new HashMap<>();

    Keepalived(PeerLab lab, boolean tuned) {
        super(lab, tuned);
    }

    /** Says what is missing here; empty: nothing. */
    static String obstacle() {
        return Tool.exists("keepalived") ? "" : "keepalived is missing (package keepalived)";
    }

    @Override
    void start() {
        for (String node : Layout.NODES) {
            try {
                Files.writeString(configuration(node), text(node));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            startManager(node);
        }
    }

    private Path configuration(String node) {
        return lab.directory().resolve(node + "-keepalived.conf");
    }

    /** The manual's example, or with intervals of VRRP's version 3 and repeated announcements. */
    private String text(String node) {
        boolean home = node.equals(Layout.ALPHA);
        String global =
                tuned
                        ? """
                          global_defs {
                              router_id %s
                              vrrp_version 3
                              vrrp_garp_master_delay 1
                              vrrp_garp_master_refresh 1
                          }
                          """
                                .formatted(node)
                        : "global_defs {\n    router_id " + node + "\n}\n";
        return global
                + """
                  vrrp_instance play {
                      state %s
                      interface %s
                      virtual_router_id 51
                      priority %d
                      advert_int %s
                      %s
                      virtual_ipaddress {
                          %s/24 dev %s
                      }
                  }
                  """
                        .formatted(
                                home && !tuned ? "MASTER" : "BACKUP",
                                Wires.DEVICE,
                                home ? 150 : 100,
                                tuned ? "0.1" : "1",
                                tuned ? "nopreempt" : "",
                                Lab.VIRTUAL_4,
                                Wires.DEVICE);
    }

    @Override
    void startNode(String node) {
        startManager(node);
    }

    @Override
    void startManager(String node) {
        if (!runs(node)) {
            // One that was killed leaves its children's files.
            lab.host(node).tool(List.of("sh", "-c", "rm -rf /run/keepalived*"));
            daemons.put(
                    node,
                    lab.host(node)
                            .start(
                                    lab.log(node, "keepalived"),
                                    List.of(
                                            "keepalived",
                                            "--dont-fork",
                                            "--log-console",
                                            "--use-file",
                                            configuration(node).toString())));
        }
    }

    private boolean runs(String node) {
        Process daemon = daemons.get(node);
        return daemon != null && daemon.isAlive();
    }

    @Override
    long[] manager(String node) {
        Process daemon = daemons.get(node);
        return Stream.concat(Stream.of(daemon.toHandle()), daemon.descendants())
                .mapToLong(ProcessHandle::pid)
                .toArray();
    }

    @Override
    void managerKilled(String node) {
        // Debian's unit does not start it again.
    }

    @Override
    Runnable switchover(String from) {
        long[] all = manager(from);
        daemons.get(from).destroy();
        return () -> {
            Await.until(
                    "keepalived of " + from + " ends",
                    END,
                    () -> LongStream.of(all).noneMatch(Host::isAlive));
            startManager(from);
        };
    }

    @Override
    boolean isWhole() {
        return Layout.NODES.stream().allMatch(this::runs)
                && active().filter(a -> tuned || a.equals(Layout.ALPHA)).isPresent();
    }

    @Override
    String describe() {
        return "address on "
                + active()
                + ", running "
                + Layout.NODES.stream().filter(this::runs).toList();
    }
}
