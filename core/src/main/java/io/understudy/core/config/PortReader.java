package io.understudy.core.config;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Reads {@code ports} of an instance: what the kernel guards. */
final class PortReader {

    /** So that the ports of all instances of a node fit into one message to the kernel. */
    private static final int MOST = 16;

    private static final int HIGHEST = 65_535;

    private final Surroundings surroundings;

    PortReader(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    List<Integer> read(Section section) {
        List<Object> given = section.list("ports");
        if (given.size() > MOST) {
            section.report("ports", "names " + given.size(), "name at most " + MOST);
            return List.of();
        }
        TreeSet<Integer> ports = new TreeSet<>();
        for (int i = 0; i < given.size(); i++) {
            check(section, "ports[" + i + "]", given.get(i), ports);
        }
        return new ArrayList<>(ports);
    }

    private void check(Section section, String key, Object given, TreeSet<Integer> ports) {
        boolean port = given instanceof Integer number && number >= 1 && number <= HIGHEST;
        if (!port) {
            section.report(
                    key, "is " + Section.shown(given), "write a whole number from 1 to " + HIGHEST);
            return;
        }
        String node = surroundings.reservedPorts().get((Integer) given);
        if (node != null) {
            section.report(
                    key,
                    "is " + given + ", which the node itself uses (" + node + ")",
                    "leave it out: the members must reach each other whoever serves");
        } else if (!ports.add((Integer) given)) {
            section.report(key, "is " + given + " again", "name each port once");
        }
    }
}
