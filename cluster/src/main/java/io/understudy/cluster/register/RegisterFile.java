package io.understudy.cluster.register;

import io.understudy.cluster.peer.PeerJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The file of one register: a line with format and checksum, then JSON. A file that does not match
 * its checksum is renamed, never deleted, and its mark stays until an operator re-admits the voter:
 * a voter that forgot a promise or a value could break what a majority was told.
 */
final class RegisterFile {

    private static final String FORMAT = "understudy-register 1 ";

    private static final Pattern KEY_FILE = Pattern.compile("(.+)\\.(?:register|damaged)");

    private final Path file;
    private final Path damaged;
    private final Consumer<DurableFile.Step> crash;

    RegisterFile(Path directory, String key, Consumer<DurableFile.Step> crash) {
        this.file = directory.resolve(key + ".register");
        this.damaged = directory.resolve(key + ".damaged");
        this.crash = crash;
    }

    Path damagedMark() {
        return damaged;
    }

    /** Returns the names of all registers in a directory, damaged ones too, in order. */
    static List<String> keys(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> KEY_FILE.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(name -> name.group(1))
                    .distinct()
                    .sorted()
                    .toList();
        }
    }

    /** Reads what is kept; null if the file was damaged now or earlier. */
    RegisterState load() throws IOException {
        if (Files.exists(damaged)) {
            return null;
        }
        if (!Files.exists(file)) {
            return RegisterState.EMPTY;
        }
        RegisterState state = parse(Files.readAllBytes(file));
        if (state == null) {
            Files.move(file, damaged);
            DurableFile.syncDirectory(file.toAbsolutePath().getParent());
        }
        return state;
    }

    void save(RegisterState state) throws IOException {
        byte[] json = PeerJson.write(state);
        byte[] head = (FORMAT + sha256(json) + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] content = Arrays.copyOf(head, head.length + json.length);
        System.arraycopy(json, 0, content, head.length, json.length);
        DurableFile.replace(file, content, crash);
    }

    /** Writes a state that was agreed on without this voter, then takes the mark away. */
    void readmit(RegisterState state) throws IOException {
        save(state);
        if (Files.exists(damaged)) {
            Path kept = damaged;
            for (int i = 1; Files.exists(kept); i++) {
                kept = damaged.resolveSibling(damaged.getFileName() + ".kept-" + i);
            }
            Files.move(damaged, kept);
            DurableFile.syncDirectory(file.toAbsolutePath().getParent());
        }
    }

    private static RegisterState parse(byte[] content) {
        int headBytes = FORMAT.length() + 64 + 1;
        if (content.length <= headBytes) {
            return null;
        }
        byte[] json = Arrays.copyOfRange(content, headBytes, content.length);
        String head = new String(content, 0, headBytes, StandardCharsets.US_ASCII);
        if (!head.equals(FORMAT + sha256(json) + "\n")) {
            return null;
        }
        try {
            return PeerJson.read(json, RegisterState.class);
        } catch (IOException e) {
            System.getLogger(RegisterFile.class.getName())
                    .log(System.Logger.Level.WARNING, "a register's file is no JSON", e);
            return null;
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
