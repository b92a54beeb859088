package io.understudy.systemtests;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@code bin/understudy} runs, as the build put it together.
 *
 * @param home the directory target/dist
 */
public record Distribution(Path home) {

    /** The system property that names the directory. */
    public static final String PROPERTY = "understudy.home";

    /**
     * Finds the distribution: by the system property, else under the working directory or above.
     *
     * @throws IllegalStateException if there is none
     */
    public static Distribution find() {
        String named = System.getProperty(PROPERTY, "");
        Path here = Path.of("").toAbsolutePath();
        for (Path d = here; named.isEmpty() && d != null; d = d.getParent()) {
            if (Files.isRegularFile(d.resolve("target/dist/understudy.war"))) {
                named = d.resolve("target/dist").toString();
            }
        }
        Path home = Path.of(named).toAbsolutePath();
        if (named.isEmpty() || !Files.isRegularFile(home.resolve("understudy.war"))) {
            throw new IllegalStateException(
                    "There is no distribution in '" + named + "'; make it with: mvn package");
        }
        return new Distribution(home);
    }

    /** Returns the command line of {@code understudy} followed by {@code arguments}. */
    public List<String> command(List<String> arguments) {
        return Stream.concat(
                        Stream.of(
                                java(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-XX:-UsePerfData",
                                "-Xshare:auto",
                                "-Xmx48m",
                                "-D" + PROPERTY + "=" + home,
                                "-cp",
                                classPath(),
                                "io.understudy.cli.Main"),
                        arguments.stream())
                .toList();
    }

    /** Returns the class path of the command, which also holds the demo's service. */
    public String classPath() {
        try (Stream<Path> jars = Files.list(home.resolve("lib/cli"))) {
            return jars.map(Path::toString)
                    .filter(name -> name.endsWith(".jar"))
                    .sorted()
                    .collect(Collectors.joining(File.pathSeparator));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns this process's own java. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
