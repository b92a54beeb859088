package io.understudy.cli.demo;

import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.text.Durations;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code understudy demo-writer}: writes to a demo's database as fast as it answers, tells how long
 * it did not, and at the end whether anything that was acknowledged is missing. Exit code 1 if so.
 */
@Command(name = "demo-writer", hidden = true)
public final class DemoWriterCommand implements Callable<Integer> {

    private static final Duration USUAL = Duration.ofSeconds(30);

    private final Console console;

    @Parameters(index = "0", paramLabel = "DIR", descriptionKey = "demo-writer.DIR")
    private Path demo;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "60")
    private int seconds;

    @Option(names = "--acknowledged", paramLabel = "FILE")
    private Path acknowledged;

    @Option(names = "--pause", paramLabel = "DURATION", defaultValue = "5ms")
    private String pause;

    /**
     * @param console where it tells
     */
    public DemoWriterCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        Properties writer = new Properties();
        Path file = demo.resolve("writer.properties");
        try (Reader reader = Files.newBufferedReader(file)) {
            writer.load(reader);
            DatabaseClient client =
                    new DatabaseClient(
                            writer.getProperty("url"),
                            writer.getProperty("user"),
                            Path.of(writer.getProperty("password-file")));
            return write(client);
        } catch (IOException e) {
            throw console.failure(ExitCode.FAILED, "demo-writer.failed", file, e);
        }
    }

    private int write(DatabaseClient client) throws IOException, InterruptedException {
        Path record = acknowledged != null ? acknowledged : Files.createTempFile("acks-", ".txt");
        try (BufferedWriter log = Files.newBufferedWriter(record)) {
            IncreasingWrites writes =
                    new IncreasingWrites(client, log, Durations.parse(pause), console.out());
            writes.run(Duration.ofSeconds(seconds));
            IncreasingWrites.Outcome outcome = writes.verify(USUAL);
            console.out()
                    .println(
                            String.format(
                                    Locale.ROOT,
                                    "acknowledged=%d missing=%d longest-gap-ms=%d"
                                            + " longest-gap-began-nanos=%d unknown-kept=%d",
                                    outcome.acknowledged(),
                                    outcome.missing(),
                                    outcome.longestGap().toMillis(),
                                    outcome.longestGapBeganNanos(),
                                    outcome.unknownKept()));
            console.out().flush();
            return outcome.missing() == 0 ? ExitCode.DONE : ExitCode.FAILED;
        } finally {
            if (acknowledged == null) {
                Files.deleteIfExists(record);
            }
        }
    }
}
