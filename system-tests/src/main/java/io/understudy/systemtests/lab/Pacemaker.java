package io.understudy.systemtests.lab;

import io.understudy.systemtests.Await;
import io.understudy.systemtests.Layout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Pacemaker on Corosync, with a quorum device on the nodes and its server on the witness. Without
 * fencing, as hosts of a lab have no power switch.
 */
final class Pacemaker extends Peer {

    private static final Duration START = Duration.ofSeconds(60);
    private static final String RESOURCE = "vip";
    private static final long LOOK_NANOS = Duration.ofMillis(500).toNanos();

    /** Server of the quorum device's votes, on the witness. */
    private static final String ARBITER = "corosync-qnetd";

    private static final String MEMBERSHIP = "corosync";
    private static final String DEVICE = "corosync-qdevice";
    private static final String DECIDES = "pacemakerd";

    /** "HOST PROGRAM" to what was started last. */
    private final Map<String, Process> daemons = new HashMap<>();

    private boolean wholeBefore;
    private long lookedAt = System.nanoTime() - LOOK_NANOS;

    Pacemaker(PeerLab lab, boolean tuned) {
        super(lab, tuned);
    }

    /** Says what is missing here; empty: nothing. */
    static String obstacle() {
        for (String need :
                List.of(
                        "pacemakerd pacemaker",
                        "cibadmin pacemaker-cli-utils",
                        "corosync corosync",
                        "corosync-qdevice corosync-qdevice",
                        "corosync-qnetd corosync-qnetd")) {
            String[] names = need.split(" ");
            if (!Tool.exists(names[0])) {
                return names[0] + " is missing (package " + names[1] + ")";
            }
        }
        return Files.isExecutable(Path.of("/usr/lib/ocf/resource.d/heartbeat/IPaddr2"))
                ? ""
                : "the agent IPaddr2 is missing (package resource-agents)";
    }

    @Override
    Duration settle() {
        return Duration.ofSeconds(120);
    }

    @Override
    Duration takeover() {
        return Duration.ofSeconds(40);
    }

    @Override
    void start() {
        prepare(Layout.WITNESS);
        List<String> arbiter = new ArrayList<>(List.of(ARBITER, "-f", "-s", "off"));
        if (tuned) {
            arbiter.addAll(List.of("-S", "dpd_interval_coefficient=1.2"));
        }
        run(Layout.WITNESS, ARBITER, arbiter);
        try {
            Files.writeString(lab.directory().resolve("corosync.conf"), text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Layout.NODES.forEach(this::startNode);
        configure();
    }

    /** The folders that the packages' own set-up makes. */
    private void prepare(String member) {
        lab.host(member)
                .tool(
                        List.of(
                                "sh",
                                "-c",
                                "rm -rf /run/* && mkdir -p /run/lock /run/resource-agents"
                                        + " /run/corosync /run/corosync-qdevice"
                                        + " /run/corosync-qnetd /run/crm"
                                        + " && cd /var/lib/pacemaker"
                                        + " && mkdir -p blackbox cib cores pengine"
                                        + " && chown hacluster:haclient /run/crm"
                                        + " /var/log/pacemaker blackbox cib cores pengine"
                                        + " && chmod 750 blackbox cib cores pengine"));
    }

    private String text() {
        StringBuilder nodes = new StringBuilder();
        for (String node : Layout.NODES) {
            nodes.append(
                    """
                      node {
                        name: %s
                        nodeid: %d
                        ring0_addr: %s
                      }
                    """
                            .formatted(node, Layout.NODES.indexOf(node) + 1, Wires.address(node)));
        }
        return """
               totem {
                 version: 2
                 cluster_name: lab
                 transport: knet
                 crypto_cipher: none
                 crypto_hash: none
                 %s
               }
               logging {
                 to_stderr: yes
                 to_syslog: no
                 to_logfile: no
               }
               nodelist {
               %s}
               quorum {
                 provider: corosync_votequorum
                 device {
                   model: net
                   votes: 1
                   %s
                   net {
                     host: %s
                     algorithm: ffsplit
                     tls: off
                   }
                 }
               }
               """
                .formatted(
                        tuned ? "token: 1000\n  consensus: 1200" : "",
                        nodes,
                        tuned ? "timeout: 1250\n    sync_timeout: 2500" : "",
                        Wires.address(Layout.WITNESS));
    }

    private void run(String host, String program, List<String> command) {
        Process running = daemons.get(host + " " + program);
        if (running == null || !running.isAlive()) {
            daemons.put(
                    host + " " + program, lab.host(host).start(lab.log(host, program), command));
        }
    }

    @Override
    void startNode(String node) {
        prepare(node);
        startManager(node);
    }

    @Override
    void startManager(String node) {
        PeerHost host = lab.host(node);
        host.tool(
                List.of(
                        "cp",
                        lab.directory().resolve("corosync.conf").toString(),
                        "/etc/corosync/corosync.conf"));
        run(node, MEMBERSHIP, List.of("corosync", "-f"));
        Await.until(
                "corosync answers on " + node,
                START,
                () -> answers(host, List.of("corosync-cmapctl", "-g", "totem.version")));
        run(node, DEVICE, List.of("corosync-qdevice", "-f"));
        run(
                node,
                DECIDES,
                List.of(
                        "env",
                        "PCMK_logfile=" + lab.log(node, "pacemaker"),
                        "PCMK_logfacility=none",
                        "pacemakerd"));
    }

    private static boolean answers(PeerHost host, List<String> command) {
        try {
            host.tool(command);
            return true;
        } catch (IllegalStateException notYet) {
            return false;
        }
    }

    private void configure() {
        PeerHost host = lab.host(Layout.ALPHA);
        Await.until(
                "both nodes take part",
                START,
                this::describe,
                () -> status(Layout.ALPHA).contains("Online: [ alpha beta ]"));
        host.tool(List.of("crm_attribute", "--name", "stonith-enabled", "--update", "false"));
        String interval = tuned ? "1s" : "10s";
        host.tool(
                List.of(
                        "cibadmin",
                        "--create",
                        "--scope",
                        "resources",
                        "--xml-text",
                        """
                        <primitive id="%1$s" class="ocf" provider="heartbeat" type="IPaddr2">
                          <instance_attributes id="%1$s-attributes">
                            <nvpair id="%1$s-ip" name="ip" value="%2$s"/>
                            <nvpair id="%1$s-mask" name="cidr_netmask" value="24"/>
                            <nvpair id="%1$s-nic" name="nic" value="%3$s"/>
                          </instance_attributes>
                          <operations>
                            <op id="%1$s-monitor" name="monitor" interval="%4$s" timeout="20s"/>
                          </operations>
                        </primitive>
                        """
                                .formatted(RESOURCE, Lab.VIRTUAL_4, Wires.DEVICE, interval)));
    }

    @Override
    long[] manager(String node) {
        return Stream.of(DECIDES, DEVICE, MEMBERSHIP)
                .map(program -> daemons.get(node + " " + program))
                .flatMap(d -> Stream.concat(Stream.of(d.toHandle()), d.descendants()))
                .mapToLong(ProcessHandle::pid)
                .toArray();
    }

    @Override
    void managerKilled(String node) {
        // Debian's unit of Corosync does not start it again, and without it nothing of this runs.
    }

    @Override
    Runnable switchover(String from) {
        PeerHost host = lab.host(from);
        List<String> words = List.of("crm_resource", "--resource", RESOURCE);
        host.tool(
                Stream.concat(words.stream(), Stream.of("--move", "--node", Layout.other(from)))
                        .toList());
        return () -> host.tool(Stream.concat(words.stream(), Stream.of("--clear")).toList());
    }

    @Override
    boolean isWhole() {
        // Each look starts programs; asked too often it would be its own load.
        if (System.nanoTime() - lookedAt >= LOOK_NANOS) {
            wholeBefore =
                    active().isPresent()
                            && Layout.NODES.stream().allMatch(this::isWhole)
                            && quorum().contains("Total votes:      3");
            lookedAt = System.nanoTime();
        }
        return wholeBefore;
    }

    private boolean isWhole(String node) {
        String status = status(node);
        return status.contains("Online: [ alpha beta ]")
                && status.contains("partition with quorum")
                && active().filter(a -> status.contains("Started " + a)).isPresent();
    }

    private String quorum() {
        return said(lab.host(Layout.ALPHA), List.of("corosync-quorumtool", "-s"));
    }

    private String status(String node) {
        return said(lab.host(node), List.of("crm_mon", "--one-shot"));
    }

    private static String said(PeerHost host, List<String> command) {
        try {
            return host.tool(command);
        } catch (IllegalStateException notNow) {
            return String.valueOf(notNow.getMessage());
        }
    }

    @Override
    String describe() {
        return "address on " + active() + "\n" + status(Layout.ALPHA) + quorum();
    }
}
