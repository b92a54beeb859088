package io.understudy.cli.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the launcher uses of {@code asadmin}, in a jar of its own: nothing else is on its path. */
public final class FakeAsadmin {

    private FakeAsadmin() {}

    /** Makes a domain, or prints a command line. */
    public static void main(String[] arguments) throws IOException {
        List<String> words = List.of(arguments);
        Path jar = Path.of(System.getProperty("java.class.path"));
        Path home = jar.resolve("../../../..").normalize();
        String name = words.get(words.size() - 1);
        Path domain = Path.of(words.get(words.indexOf("--domaindir") + 1)).resolve(name);
        if (words.contains("create-domain")) {
            Files.createDirectories(domain.resolve("config"));
            if (Files.exists(home.resolve("broken"))) {
                System.out.println("no keys today");
                System.exit(1);
            }
            Files.writeString(
                    domain.resolve("config/domain.xml"), "<config name=\"server-config\">");
        } else if (words.contains("--dry-run") && words.contains("--watchdog=true")) {
            for (String line :
                    List.of(
                            "Dump of JVM Invocation line that would be used to launch:",
                            "/some/java",
                            "-cp",
                            "glassfish.jar",
                            "-XX:+UseG1GC",
                            "-Xmx512m",
                            "com.sun.enterprise.glassfish.bootstrap.ASMain",
                            "-watchdog",
                            "true",
                            "",
                            "Command start-domain executed successfully.")) {
                System.out.println(line);
            }
        } else {
            System.exit(2);
        }
    }
}
