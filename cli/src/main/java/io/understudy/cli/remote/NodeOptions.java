package io.understudy.cli.remote;

import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.node.NodeSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which node a command speaks to; the same options for every command that does. */
public final class NodeOptions {

    private static final Path SYSTEM = Path.of("/etc/understudy/node.properties");

    @Option(names = "--url", paramLabel = "URL")
    private String url;

    @Option(names = "--token-file", paramLabel = "FILE")
    private Path tokenFile;

    @Option(names = "--json")
    private boolean json;

    /** Returns whether the machine form is asked for. */
    public boolean json() {
        return json;
    }

    /**
     * Returns a client for the nodes to try, in order: what the options say, else {@code
     * UNDERSTUDY_URL}, else the nodes that this user started last, else this host's node.
     */
    public NodeClient client(Console console) {
        List<Endpoints.Entry> known = known(console);
        String wanted =
                url != null ? url : console.environment().getOrDefault("UNDERSTUDY_URL", "");
        if (wanted.isEmpty()) {
            if (known.isEmpty()) {
                throw console.failure(ExitCode.UNREACHABLE, "client.no-node");
            }
            return new NodeClient(withToken(known, console), console);
        }
        String base = wanted.endsWith("/") ? wanted.substring(0, wanted.length() - 1) : wanted;
        if (!base.matches("https?://[^/].*")) {
            throw console.failure(ExitCode.USAGE, "client.bad-url", wanted);
        }
        Path token =
                explicitToken(console) != null
                        ? explicitToken(console)
                        : known.stream()
                                .filter(e -> e.url().equals(base))
                                .map(Endpoints.Entry::tokenFile)
                                .findFirst()
                                .orElseThrow(
                                        () ->
                                                console.failure(
                                                        ExitCode.FAILED, "client.no-token", base));
        return new NodeClient(List.of(new Endpoints.Entry(base, token)), console);
    }

    /**
     * Returns the data directories of the nodes that {@link #client} would try: a node keeps its
     * token there.
     */
    public List<Path> dataDirectories(Console console) {
        List<Path> tokens = new ArrayList<>();
        Path explicit = explicitToken(console);
        if (explicit == null) {
            known(console).stream().map(Endpoints.Entry::tokenFile).forEach(tokens::add);
        } else {
            tokens.add(explicit);
        }
        return tokens.stream().map(t -> t.toAbsolutePath().getParent()).distinct().toList();
    }

    private Path explicitToken(Console console) {
        String named = console.environment().getOrDefault("UNDERSTUDY_TOKEN_FILE", "");
        return tokenFile != null ? tokenFile : named.isEmpty() ? null : Path.of(named);
    }

    private List<Endpoints.Entry> withToken(List<Endpoints.Entry> known, Console console) {
        Path token = explicitToken(console);
        return token == null
                ? known
                : known.stream().map(e -> new Endpoints.Entry(e.url(), token)).toList();
    }

    private static List<Endpoints.Entry> known(Console console) {
        List<Endpoints.Entry> entries = new ArrayList<>();
        try {
            entries.addAll(Endpoints.of(console.environment()).read());
        } catch (IOException e) {
            throw console.failure(ExitCode.FAILED, "client.endpoints", e);
        }
        if (Files.isReadable(SYSTEM)) {
            NodeSetup setup = NodeSetup.read(SYSTEM, null, console);
            entries.add(new Endpoints.Entry(setup.url(), setup.data().resolve("token")));
        }
        return entries;
    }
}
