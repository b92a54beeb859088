package io.understudy.systemtests.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The host's network tools: {@code ip}, {@code nft}, {@code tc}. */
final class Tool {

    private static final long LIMIT_SECONDS = 10;

    private Tool() {}

    /**
     * Runs a command to its end.
     *
     * @param words separated by blanks
     * @return what it printed
     * @throws IllegalStateException with what it said, if it fails or takes 10 s
     */
    static String run(String words) {
        return run("", Arrays.asList(words.strip().split(" +")));
    }

    /** As {@link #run(String)}, with an input. */
    static String run(String input, List<String> command) {
        Path output = null;
        try {
            output = Files.createTempFile("understudy-tool-", ".txt");
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            try (var to = process.getOutputStream()) {
                to.write(input.getBytes(StandardCharsets.UTF_8));
            }
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            String said = Files.readString(output);
            if (!ended || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException(String.join(" ", command) + ": " + said.strip());
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            delete(output);
        }
    }

    /** Returns whether a command of this name is on the path of root. */
    static boolean exists(String name) {
        List<String> places = new ArrayList<>(List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin"));
        return places.stream().anyMatch(place -> Files.isExecutable(Path.of(place, name)));
    }

    private static void delete(Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
