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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The witness as a process: {@code --config FILE [--data DIR]}. Prints {@code READY witness NAME}
 * when it is up, runs until SIGTERM or SIGINT, and leaves in good order. Exit codes: 0 stopped, 1
 * cannot start, 2 wrong usage. Small enough for {@code -Xmx64m -XX:+UseSerialGC
 * -XX:TieredStopAtLevel=1}.
 */
public final class WitnessMain {

    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final String FORMAT = "java.util.logging.SimpleFormatter.format";

    // Held so that the level is not collected with an unreferenced logger.
    private static final Logger HAZELCAST = Logger.getLogger("com.hazelcast");

    private WitnessMain() {}

    /** Runs the witness. */
    public static void main(String[] args) {
        if (System.getProperty(FORMAT) == null) {
            System.setProperty(FORMAT, "%1$tFT%1$tT.%1$tL%1$tz %4$-7s %3$s: %5$s%6$s%n");
        }
        HAZELCAST.setLevel(Level.WARNING);
        Map<String, String> options = options(args);
        Path file = Path.of(options.get("--config"));
        NodeConfiguration node = read(file);
        Path home = file.toAbsolutePath().getParent();
        Path data =
                options.containsKey("--data")
                        ? Path.of(options.get("--data"))
                        : home.resolve(node.dataDirectory());
        try {
            Files.createDirectories(data);
            run(node, Witness.start(node, data, home.resolve(node.secretFile())));
        } catch (IOException | RuntimeException e) {
            fail(FAILED, "The witness " + node.name() + " cannot start: " + e.getMessage());
        }
    }

    private static void run(NodeConfiguration node, Witness witness) {
        AtomicBoolean stopping = new AtomicBoolean();
        Runnable stop =
                () -> {
                    stopping.set(true);
                    witness.close();
                };
        Runtime.getRuntime().addShutdownHook(new Thread(stop, "understudy-stop"));
        System.out.println("READY witness " + node.name());
        try {
            witness.awaitEnd();
            if (!stopping.get()) {
                fail(FAILED, "The witness " + node.name() + " ended by itself: see its log.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, String> options(String[] args) {
        Map<String, String> options = new TreeMap<>();
        for (int i = 0; i < args.length; i += 2) {
            boolean known = args[i].equals("--config") || args[i].equals("--data");
            if (!known || i + 1 == args.length) {
                fail(USAGE, "'" + args[i] + "' is not understood.");
            }
            options.put(args[i], args[i + 1]);
        }
        if (!options.containsKey("--config")) {
            fail(USAGE, "A node file is missing.");
        }
        return options;
    }

    private static NodeConfiguration read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            fail(FAILED, "The node file " + file + " cannot be read: " + e.getMessage());
        }
        Map<String, String> given = new TreeMap<>();
        properties.stringPropertyNames().forEach(k -> given.put(k, properties.getProperty(k)));
        Checked<NodeConfiguration> read = NodeFile.read(NodeFile.overlay(given, System.getenv()));
        for (Problem problem : read.problems()) {
            System.err.println(file + ": " + problem.sentence());
        }
        if (!read.isGood()) {
            fail(FAILED, "The node file " + file + " is refused.");
        }
        NodeConfiguration node = read.orThrow();
        if (node.role() != NodeConfiguration.Role.WITNESS) {
            fail(FAILED, "node.role in " + file + " is not witness: start it as a node.");
        }
        return node;
    }

    private static void fail(int status, String sentence) {
        System.err.println(sentence);
        if (status == USAGE) {
            System.err.println("Usage: --config FILE [--data DIR]");
        }
        System.exit(status);
    }
}
