package io.understudy.cli.node;

import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.Failure;
import io.understudy.core.config.Checked;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.config.NodeFile;
import io.understudy.core.config.Problem;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;

/**
 * A node file, read and checked, with its paths made absolute. Relative paths count from the node
 * file's directory.
 *
 * @param file the node file
 * @param node what it says
 * @param data the data directory
 * @param secret the file with the cluster's secret
 */
public record NodeSetup(Path file, NodeConfiguration node, Path data, Path secret) {

    /** Refuses nulls. */
    public NodeSetup {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(secret, "secret");
    }

    /**
     * Reads a node file and lays the environment over it.
     *
     * @param file which
     * @param data the data directory in place of the file's, or null
     * @throws Failure naming every problem of the file
     */
    public static NodeSetup read(Path file, Path data, Console console) {
        Path absolute = file.toAbsolutePath().normalize();
        Map<String, String> properties =
                NodeFile.overlay(load(absolute, console), console.environment());
        Checked<NodeConfiguration> checked = NodeFile.read(properties);
        if (!checked.isGood()) {
            throw new Failure(
                    ExitCode.FAILED,
                    console.messages().text("node.file.wrong", absolute),
                    console.messages().text("node.file.wrong.next"),
                    checked.problems().stream().map(Problem::sentence).toList());
        }
        NodeConfiguration node = checked.orThrow();
        Path home = absolute.getParent();
        return new NodeSetup(
                absolute,
                node,
                data != null
                        ? data.toAbsolutePath().normalize()
                        : home.resolve(node.dataDirectory()).normalize(),
                home.resolve(node.secretFile()).normalize());
    }

    private static Map<String, String> load(Path file, Console console) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw console.failure(ExitCode.FAILED, "node.file.unreadable", file, reason(e));
        }
        Map<String, String> map = new TreeMap<>();
        properties.stringPropertyNames().forEach(k -> map.put(k, properties.getProperty(k)));
        return map;
    }

    private static String reason(Exception e) {
        return e instanceof java.nio.file.NoSuchFileException
                ? "no such file"
                : e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    /** Returns the address of the node's REST and UI. */
    public String url() {
        String host = node.address().contains(":") ? "[" + node.address() + "]" : node.address();
        return "http://" + host + ":" + node.httpPort();
    }
}
