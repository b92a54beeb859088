package io.understudy.cluster.neighbour;

import io.understudy.core.config.IpAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * At which hardware address this host's kernel would reach an address: its ARP table, and for IPv6
 * what {@code ip neigh} shows. Needs no privilege.
 */
final class NeighbourTable {

    private static final Path ARP = Path.of("/proc/net/arp");
    private static final long LIMIT_MILLIS = 500;
    private static final String NOBODY = "00:00:00:00:00:00";
    private static final List<Path> TOOLS =
            List.of(Path.of("/usr/sbin/ip"), Path.of("/sbin/ip"), Path.of("/usr/bin/ip"));
    private static final Pattern LINK =
            Pattern.compile("lladdr ((?:[0-9a-f]{2}:){5}[0-9a-f]{2})\\b");

    private NeighbourTable() {}

    /** Returns why the table cannot be read for addresses of that family; empty if it can. */
    static Optional<String> cannot(boolean v6) {
        if (v6 ? tool().isEmpty() : !Files.isReadable(ARP)) {
            return Optional.of(v6 ? "its host has no command ip" : ARP + " cannot be read there");
        }
        return Optional.empty();
    }

    /**
     * Returns the hardware address, lower case with colons; empty where the kernel knows none.
     *
     * @throws IOException if the table cannot be read
     */
    static Optional<String> find(IpAddress address) throws IOException {
        return address.isV6() ? six(address) : four(Files.readAllLines(ARP), address);
    }

    static Optional<String> four(List<String> table, IpAddress address) {
        for (String line : table) {
            String[] words = line.trim().split("\\s+");
            boolean complete =
                    words.length >= 4
                            && IpAddress.parse(words[0]).equals(Optional.of(address))
                            && !words[3].equals(NOBODY)
                            && (Integer.decode(words[2]) & 2) != 0;
            if (complete) {
                return Optional.of(words[3].toLowerCase(java.util.Locale.ROOT));
            }
        }
        return Optional.empty();
    }

    static Optional<String> shown(String line) {
        Matcher matcher = LINK.matcher(line);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static Optional<Path> tool() {
        return TOOLS.stream().filter(Files::isExecutable).findFirst();
    }

    private static Optional<String> six(IpAddress address) throws IOException {
        Process process =
                new ProcessBuilder(
                                tool().orElseThrow(() -> new IOException("no command ip"))
                                        .toString(),
                                "-6",
                                "neigh",
                                "show",
                                address.toString())
                        .redirectErrorStream(true)
                        .start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IOException("ip neigh did not end within " + LIMIT_MILLIS + " ms");
            }
            String text =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Stream.of(text.split("\n")).flatMap(l -> shown(l).stream()).findFirst();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
