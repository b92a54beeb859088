package io.understudy.systemtests.lab;

import io.understudy.systemtests.Host;
import io.understudy.systemtests.Layout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The hosts of a lab and their cables: two nodes, a witness and a client on one switch, the nodes
 * also on a second network of their own. What can be done to cables and to whole hosts is here.
 */
final class Wires {

    /** The host of who uses what the nodes offer. */
    static final String CLIENT = "client";

    /** The device of the network that clients see. */
    static final String DEVICE = "eth0";

    /** The device of the nodes' own network. */
    static final String DIRECT = "eth1";

    /** The first three numbers of all hosts' addresses. */
    static final String NETWORK = "10.77.0";

    /** The first three numbers of the nodes' addresses on their own network. */
    static final String DIRECT_NETWORK = "10.78.0";

    private static final List<String> HOSTS =
            List.of(Layout.ALPHA, Layout.BETA, Layout.WITNESS, CLIENT);

    private final Map<String, Namespace> hosts = new LinkedHashMap<>();
    private final Switch network = new Switch("switch");

    /** Returns a host's address on the network that clients see. */
    static String address(String host) {
        return NETWORK + "." + (HOSTS.indexOf(host) + 1);
    }

    /** Plugs everything in. What is made stays until {@link #remove}, also if this throws. */
    void connect() {
        network.bridge("net");
        network.bridge("direct");
        for (int i = 0; i < HOSTS.size(); i++) {
            String name = HOSTS.get(i);
            Namespace host = Namespace.make(name);
            hosts.put(name, host);
            network.plug(host, DEVICE, "net", port(name));
            address(host, DEVICE, address(name) + "/24", "fd00:77::" + (i + 1) + "/64");
            if (Layout.NODES.contains(name)) {
                network.plug(host, DIRECT, "direct", direct(name));
                String four = DIRECT_NETWORK + "." + (i + 1) + "/24";
                address(host, DIRECT, four, "fd00:78::" + (i + 1) + "/64");
            }
        }
    }

    private static void address(Namespace host, String device, String four, String six) {
        host.ip("address add " + four + " dev " + device);
        host.ip("address add " + six + " dev " + device + " nodad");
        host.ip("link set " + device + " up");
    }

    private static String port(String host) {
        return "p-" + host;
    }

    private static String direct(String host) {
        return "d-" + host;
    }

    private static List<String> ports(String host) {
        return Layout.NODES.contains(host)
                ? List.of(port(host), direct(host))
                : List.of(port(host));
    }

    /** Returns a member's host or the client's. */
    Namespace host(String name) {
        return hosts.get(name);
    }

    /** Draws all cables of a host. */
    void unplug(String host) {
        ports(host).forEach(network::down);
    }

    /** Puts all cables of a host back. */
    void plug(String host) {
        ports(host).forEach(network::up);
    }

    /** What a host sends is lost. */
    void mute(String host) {
        ports(host).forEach(network::mute);
    }

    /** A host receives nothing. */
    void deafen(String host) {
        ports(host).forEach(network::deafen);
    }

    /** Nothing passes between the two nodes; both see all others. */
    void separateNodes() {
        separateMain();
        separateDirect();
    }

    /** Nothing passes between the two nodes by the network that the others are on. */
    void separateMain() {
        network.separate(port(Layout.ALPHA), port(Layout.BETA));
    }

    /** Nothing passes by the nodes' own network. */
    void separateDirect() {
        network.separate(direct(Layout.ALPHA), direct(Layout.BETA));
    }

    /** Draws a host's cable to the switch; a node's to the other one stays. */
    void unplugMain(String host) {
        network.down(port(host));
    }

    /** Frames between all hosts are lost at random. */
    void lose(int percent) {
        network.lose(percent);
    }

    /** Everything passes again between hosts that are plugged in. */
    void pass() {
        network.pass();
    }

    /** Nothing is lost any more, every cable is in, every process goes on. */
    void heal() {
        pass();
        hosts.keySet().forEach(this::plug);
        hosts.keySet().forEach(this::thaw);
    }

    /** Stops every process of a host. */
    void freeze(String host) {
        Host.signal("STOP", hosts.get(host).processes());
    }

    /** Lets them go on. */
    void thaw(String host) {
        Host.signal("CONT", hosts.get(host).processes());
    }

    /**
     * Ends what runs on the hosts and removes them.
     *
     * @return what still ran, in words; empty: nothing did
     */
    List<String> remove() {
        List<String> left = new ArrayList<>();
        for (Namespace host : hosts.values()) {
            long[] running = host.processes();
            if (running.length > 0) {
                left.add(running.length + " processes were left on " + host.name());
            }
            host.remove();
        }
        hosts.clear();
        network.remove();
        return left;
    }
}
