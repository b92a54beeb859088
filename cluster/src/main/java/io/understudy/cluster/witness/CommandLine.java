package io.understudy.cluster.witness;

import io.understudy.core.config.Checked;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.config.NodeFile;
import io.understudy.core.config.Problem;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What a small process was told: {@code --config FILE [--data DIR]}. A mistake ends the process
 * with its cause on standard error: status 1 for a file that cannot be used, 2 for wrong usage.
 */
final class CommandLine {

    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final String FORMAT = "java.util.logging.SimpleFormatter.format";

    // Held so that the level is not collected with an unreferenced logger.
    private static final Logger HAZELCAST = Logger.getLogger("com.hazelcast");

    private final NodeConfiguration node;
    private final Path home;
    private final Path data;

    private CommandLine(NodeConfiguration node, Path home, Path data) {
        this.node = node;
        this.home = home;
        this.data = data;
    }

    static CommandLine of(String[] args) {
        if (System.getProperty(FORMAT) == null) {
            System.setProperty(FORMAT, "%1$tFT%1$tT.%1$tL%1$tz %4$-7s %3$s: %5$s%6$s%n");
        }
        HAZELCAST.setLevel(Level.WARNING);
        Map<String, String> options = options(args);
        Path file = Path.of(options.get("--config")).toAbsolutePath();
        NodeConfiguration node = read(file);
        Path home = file.getParent();
        String data = options.getOrDefault("--data", home.resolve(node.dataDirectory()).toString());
        return new CommandLine(node, home, Path.of(data));
    }

    NodeConfiguration node() {
        return node;
    }

    Path data() {
        return data;
    }

    /** Returns the cluster's secret: the launcher's word, else the node file's. */
    Path secret() {
        String told = System.getProperty("understudy.secret.file");
        return told != null ? Path.of(told) : home.resolve(node.secretFile());
    }

    /** Ends the process with status 1; never returns. */
    static IllegalStateException fail(String sentence) {
        return end(FAILED, sentence);
    }

    private static IllegalStateException end(int status, String sentence) {
        System.err.println(sentence);
        System.exit(status);
        return new IllegalStateException("the process is ending");
    }

    private static Map<String, String> options(String[] args) {
        Map<String, String> options = new TreeMap<>();
        for (int i = 0; i < args.length; i += 2) {
            boolean known = args[i].equals("--config") || args[i].equals("--data");
            if (!known || i + 1 == args.length) {
                throw wrong("'" + args[i] + "' is not understood");
            }
            options.put(args[i], args[i + 1]);
        }
        if (!options.containsKey("--config")) {
            throw wrong("a node file is missing");
        }
        return options;
    }

    private static IllegalStateException wrong(String what) {
        return end(USAGE, "Wrong usage: " + what + ". Use --config FILE [--data DIR].");
    }

    private static NodeConfiguration read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw fail("The node file " + file + " cannot be read: " + e.getMessage());
        }
        Map<String, String> given = new TreeMap<>();
        properties.stringPropertyNames().forEach(k -> given.put(k, properties.getProperty(k)));
        Checked<NodeConfiguration> read = NodeFile.read(NodeFile.overlay(given, System.getenv()));
        for (Problem problem : read.problems()) {
            System.err.println(file + ": " + problem.sentence());
        }
        return read.value().orElseThrow(() -> fail("The node file " + file + " is refused."));
    }
}
