package io.understudy.systemtests.lab;

import io.understudy.systemtests.Await;
import io.understudy.systemtests.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What tcpdump of a host of the lab sees of ARP and of neighbour discovery. */
public final class Capture implements AutoCloseable {

    private final Path output;
    private final Process process;

    /** Begins; returns when tcpdump listens. */
    Capture(Namespace host, String device) throws IOException {
        output = Files.createTempFile("understudy-capture-", ".txt");
        process =
                new ProcessBuilder(
                                host.command(
                                        List.of(
                                                "tcpdump",
                                                "-i",
                                                device,
                                                "-n",
                                                "-e",
                                                "-l",
                                                "--immediate-mode",
                                                "arp or icmp6")))
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        Await.until(
                "tcpdump listens",
                Duration.ofSeconds(10),
                () -> lines().stream().anyMatch(line -> line.contains("listening on")));
    }

    /** Returns what it printed so far, a line per packet. */
    public List<String> lines() {
        try {
            return Files.readAllLines(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the packets that {@code mac} sent to everybody and that hold all of {@code words}.
     */
    public List<String> announcements(String mac, String... words) {
        return lines().stream()
                .filter(line -> line.contains(mac + " > "))
                .filter(line -> line.contains("> ff:ff:ff:ff:ff:ff") || line.contains("> 33:33:"))
                .filter(line -> List.of(words).stream().allMatch(line::contains))
                .toList();
    }

    @Override
    public void close() {
        Host.signal("TERM", process.pid());
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
