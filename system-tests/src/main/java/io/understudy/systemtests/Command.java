package io.understudy.systemtests;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One run of {@code understudy} to its end.
 *
 * @param status its exit code
 * @param output what it printed to either stream
 */
public record Command(int status, String output) {

    /**
     * Runs it with an empty standard input.
     *
     * @throws IOException if it does not end within {@code limit}; it is killed then
     */
    public static Command run(Distribution distribution, Duration limit, List<String> arguments)
            throws IOException {
        Path output = Files.createTempFile("understudy-command-", ".txt");
        Process process =
                Member.foreground(distribution, arguments)
                        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                        .redirectOutput(output.toFile())
                        .start();
        try {
            if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException(arguments + " does not end within " + limit);
            }
            return new Command(
                    process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
            Files.deleteIfExists(output);
        }
    }
}
