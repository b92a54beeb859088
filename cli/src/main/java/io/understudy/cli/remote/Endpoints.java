package io.understudy.cli.remote;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Where this user's nodes were last started, so that {@code understudy status} needs no option: a
 * file with a line "URL TOKEN-FILE" for each. Holds no secret.
 */
public final class Endpoints {

    private final Path file;

    private Endpoints(Path file) {
        this.file = file;
    }

    /**
     * One node.
     *
     * @param url its base address
     * @param tokenFile the file with its token
     */
    public record Entry(String url, Path tokenFile) {

        /** Refuses nulls. */
        public Entry {
            Objects.requireNonNull(url, "url");
            Objects.requireNonNull(tokenFile, "tokenFile");
        }
    }

    /**
     * Returns the file of this user: {@code UNDERSTUDY_ENDPOINTS}, else {@code
     * understudy/endpoints} in {@code XDG_STATE_HOME} or {@code ~/.local/state}.
     */
    public static Endpoints of(Map<String, String> environment) {
        String explicit = environment.getOrDefault("UNDERSTUDY_ENDPOINTS", "");
        if (!explicit.isEmpty()) {
            return new Endpoints(Path.of(explicit));
        }
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        Path base =
                state.isEmpty()
                        ? Path.of(System.getProperty("user.home"), ".local", "state")
                        : Path.of(state);
        return new Endpoints(base.resolve("understudy").resolve("endpoints"));
    }

    /** Returns what the file says; empty without a file. */
    public List<Entry> read() throws IOException {
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        List<Entry> entries = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String[] words = line.strip().split(" ", 2);
            if (words.length == 2) {
                entries.add(new Entry(words[0], Path.of(words[1])));
            }
        }
        return entries;
    }

    /**
     * Writes these entries in place of what the file said.
     *
     * @return closing it removes the file, unless another announcement has replaced it
     */
    public Closeable announce(Entry... entries) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Entry entry : entries) {
            lines.add(entry.url() + " " + entry.tokenFile());
        }
        Files.createDirectories(file.getParent());
        Path fresh = Files.createTempFile(file.getParent(), "endpoints", ".new");
        Files.write(fresh, lines);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        return () -> {
            if (Files.isRegularFile(file) && Files.readAllLines(file).equals(lines)) {
                Files.delete(file);
            }
        };
    }
}
