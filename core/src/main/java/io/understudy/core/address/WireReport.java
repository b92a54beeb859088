package io.understudy.core.address;

import io.understudy.core.config.VirtualAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the guard heard on the wire and how its means are, as it tells the app server: lines of
 * text, the last one {@link #END}.
 *
 * @param rivals other hosts that claim an address of ours, the last claim of each address
 * @param ports why the ports are not guarded; empty text: they are, as far as any are to be
 */
public record WireReport(List<Rival> rivals, String ports) {

    /** Ends a report. */
    public static final String END = "end";

    private static final String RIVAL = "rival";
    private static final String PORTS = "ports";

    /** Nothing was heard. */
    public static final WireReport NOTHING = new WireReport(List.of(), "");

    /** Copies the list; makes one line of the text. */
    public WireReport {
        rivals = List.copyOf(rivals);
        ports = ports.replaceAll("\\s+", " ").trim();
    }

    /**
     * A claim.
     *
     * @param address whose
     * @param mac who claims it, lower case with colons
     * @param before whether it was there before the address came to this host: it answered the
     *     question that was asked then
     * @param nanos when, on the host's monotonic clock
     */
    public record Rival(VirtualAddress address, String mac, boolean before, long nanos) {
        /** Refuses nulls. */
        public Rival {
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(mac, "mac");
        }
    }

    /** Returns the report as lines, {@link #END} included. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        rivals.forEach(
                r ->
                        lines.add(
                                String.join(
                                        " ",
                                        RIVAL,
                                        r.address().address().toString(),
                                        Integer.toString(r.address().prefix()),
                                        r.address().device(),
                                        r.mac(),
                                        Boolean.toString(r.before()),
                                        Long.toString(r.nanos()))));
        if (!ports.isEmpty()) {
            lines.add(PORTS + " " + ports);
        }
        lines.add(END);
        return lines;
    }

    /** Reads lines; what is not understood is passed over, as a newer guard may say more. */
    public static WireReport read(List<String> lines) {
        List<Rival> rivals = new ArrayList<>();
        String ports = "";
        for (String line : lines) {
            String[] words = line.split(" ");
            if (words[0].equals(RIVAL) && words.length == 7) {
                rival(words).ifPresent(rivals::add);
            } else if (words[0].equals(PORTS)) {
                ports = line.substring(PORTS.length());
            }
        }
        return new WireReport(rivals, ports);
    }

    private static Optional<Rival> rival(String[] words) {
        try {
            long nanos = Long.parseLong(words[6]);
            return VirtualAddress.parse(words[1] + "/" + words[2] + " dev " + words[3])
                    .map(a -> new Rival(a, words[4], Boolean.parseBoolean(words[5]), nanos));
        } catch (NumberFormatException damaged) {
            return Optional.empty();
        }
    }
}
