package io.understudy.systemtests.lab;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A switch without any address: bridges in a namespace of their own, to which hosts are plugged.
 * What is between two hosts is filtered here, so that the hosts notice nothing but silence.
 */
final class Switch {

    private static final String TABLE = "lab";

    private final Namespace namespace;
    private final Set<String> rules = new LinkedHashSet<>();

    /**
     * @param name of its namespace
     */
    Switch(String name) {
        namespace = Namespace.make(name);
    }

    /** Makes a network. */
    void bridge(String name) {
        namespace.ip("link add " + name + " type bridge");
        namespace.ip("link set " + name + " up");
    }

    /** Plugs a host in: {@code device} there, {@code port} here. */
    void plug(Namespace host, String device, String bridge, String port) {
        Tool.run(
                "ip link add "
                        + device
                        + " netns "
                        + host.name()
                        + " type veth peer name "
                        + port
                        + " netns "
                        + namespace.name());
        namespace.ip("link set " + port + " master " + bridge);
        namespace.ip("link set " + port + " up");
    }

    /** As if the cable were drawn: both ends see it. */
    void down(String port) {
        namespace.ip("link set " + port + " down");
    }

    /** Puts the cable back. */
    void up(String port) {
        namespace.ip("link set " + port + " up");
    }

    /** What comes from {@code port} goes nowhere. */
    void mute(String port) {
        filter("iifname \"" + port + "\" drop");
    }

    /** Nothing goes to {@code port}. */
    void deafen(String port) {
        filter("oifname \"" + port + "\" drop");
    }

    /** Nothing goes between two ports. */
    void separate(String one, String other) {
        filter("iifname \"" + one + "\" oifname \"" + other + "\" drop");
        filter("iifname \"" + other + "\" oifname \"" + one + "\" drop");
    }

    /** Frames are lost at random. */
    void lose(int percent) {
        filter("numgen random mod 100 < " + percent + " drop");
    }

    private void filter(String rule) {
        rules.add(rule);
        load();
    }

    /** Nothing is filtered any more. */
    void pass() {
        rules.clear();
        load();
    }

    private void load() {
        String all =
                "table bridge "
                        + TABLE
                        + "\ndelete table bridge "
                        + TABLE
                        + "\ntable bridge "
                        + TABLE
                        + " {\n chain between {\n  type filter hook forward priority 0;\n  "
                        + String.join("\n  ", rules)
                        + "\n }\n}\n";
        Tool.run(all, List.of("ip", "netns", "exec", namespace.name(), "nft", "-f", "-"));
    }

    /** Ends it. */
    void remove() {
        namespace.remove();
    }
}
