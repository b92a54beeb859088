package io.understudy.cli.node;

import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where the parts of Understudy lie: what {@code bin/understudy} passes as the system property
 * {@value #PROPERTY}.
 *
 * @param home holds payara-micro.jar, understudy.war, understudy.ear, lib and config
 */
public record Distribution(Path home) {

    /** The system property that names the directory. */
    public static final String PROPERTY = "understudy.home";

    /** Finds the distribution of this process. */
    public static Distribution find(Console console) {
        String home = System.getProperty(PROPERTY, "");
        if (home.isEmpty() || !Files.isRegularFile(Path.of(home, "payara-micro.jar"))) {
            throw console.failure(ExitCode.FAILED, "distribution.missing", home);
        }
        return new Distribution(Path.of(home).toAbsolutePath());
    }

    /** Returns the app server. */
    public Path payara() {
        return home.resolve("payara-micro.jar");
    }

    /** Returns the application. */
    public Path war() {
        return home.resolve("understudy.war");
    }

    /** Returns the application as Payara Server takes it. */
    public Path ear() {
        return home.resolve("understudy.ear");
    }

    /** Returns the class path of this command. */
    public String commandClassPath() {
        return jars("cli");
    }

    /** Returns the class path of a witness. */
    public String witnessClassPath() {
        return jars("witness");
    }

    /** Returns a file of the directory {@code config}. */
    public Path config(String name) {
        return home.resolve("config").resolve(name);
    }

    /** Returns this process's own java. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /**
     * Returns what goes before a command so that it leads a session of its own: then Ctrl-C at the
     * terminal reaches only the launcher, and what the command starts can be told apart. Empty
     * where the host has no setsid.
     */
    public static List<String> ownSession() {
        for (String directory : new String[] {"/usr/bin", "/bin"}) {
            if (Files.isExecutable(Path.of(directory, "setsid"))) {
                return List.of(directory + "/setsid");
            }
        }
        return List.of();
    }

    private String jars(String name) {
        try (Stream<Path> files = Files.list(home.resolve("lib").resolve(name))) {
            return files.filter(f -> f.toString().endsWith(".jar"))
                    .map(Path::toString)
                    .sorted()
                    .collect(Collectors.joining(File.pathSeparator));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
