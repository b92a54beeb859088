package io.understudy.cli.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Payara Server's own command line tool, run as a child process. */
final class Asadmin {

    /** Making a domain makes keys, which takes some seconds; a busy host needs a multiple. */
    private static final Duration LIMIT = Duration.ofSeconds(120);

    private final Path home;

    Asadmin(Path home) {
        this.home = home;
    }

    /** Returns where an installation keeps it. */
    static Path jar(Path home) {
        return home.resolve("glassfish/lib/client/appserver-cli.jar");
    }

    /**
     * Runs a local subcommand; no secret may be among its arguments.
     *
     * @return the lines that it printed
     * @throws IOException if it fails, with what it printed, or does not end in time
     */
    List<String> run(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Distribution.java());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"));
        // What it prints is read here, so it must not depend on the user's language.
        command.addAll(List.of("-Duser.language=en", "-Duser.country=US"));
        command.addAll(List.of("-jar", jar(home).toString()));
        command.addAll(List.of("--interactive=false"));
        command.addAll(arguments);
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                        .start();
        Thread limit = endAfter(process);
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line;
            while ((line = reader.readLine()) != null) {
                lines.add(line.strip());
            }
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(
                        "asadmin ended with status " + status + ": " + String.join(" ", lines));
            }
            return lines;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asadmin ran", e);
        } finally {
            process.destroyForcibly();
            limit.interrupt();
        }
    }

    /** Ends the process when the limit is over; so the reading of its output ends too. */
    private static Thread endAfter(Process process) {
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                                    process.destroyForcibly();
                                }
                            } catch (InterruptedException over) {
                                return;
                            }
                        },
                        "asadmin-limit");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
