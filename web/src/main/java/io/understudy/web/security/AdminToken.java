package io.understudy.web.security;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The token in the data directory that makes its bearer an operator. Read at every question, so
 * that a new one counts at once and an old one no more; never kept, never logged.
 */
@ApplicationScoped
public class AdminToken {

    /** The system property that names the data directory. */
    public static final String DATA_PROPERTY = "understudy.data.directory";

    /** A file with less is not a token but an accident: an empty one must not let anybody in. */
    static final int LEAST_CHARACTERS = 32;

    private static final System.Logger LOG = System.getLogger(AdminToken.class.getName());

    private final Supplier<Optional<Path>> file;

    /** The token of the data directory that the system property names. */
    public AdminToken() {
        this(
                () ->
                        Optional.ofNullable(System.getProperty(DATA_PROPERTY))
                                .map(directory -> Path.of(directory, "token")));
    }

    /** The token in whatever file {@code file} names when asked. */
    public AdminToken(Supplier<Optional<Path>> file) {
        this.file = file;
    }

    /** What a comparison said. */
    public enum Answer {
        /** It is the token. */
        RIGHT,
        /** It is not. */
        WRONG,
        /** There is nothing to compare with. */
        NO_TOKEN
    }

    /**
     * Compares {@code offered} with the token, in a time that does not depend on where they differ.
     */
    public Answer compare(String offered) {
        Optional<byte[]> token = read();
        if (token.isEmpty()) {
            return Answer.NO_TOKEN;
        }
        byte[] given = offered.getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(token.get(), given) ? Answer.RIGHT : Answer.WRONG;
    }

    private Optional<byte[]> read() {
        Optional<Path> path = file.get();
        if (path.isEmpty()) {
            return Optional.empty();
        }
        try {
            String text = Files.readString(path.get(), StandardCharsets.UTF_8).strip();
            if (text.length() < LEAST_CHARACTERS) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "The token file " + path.get() + " is too short.");
                return Optional.empty();
            }
            return Optional.of(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The token file "
                            + path.get()
                            + " cannot be read: "
                            + unreadable.getClass().getSimpleName());
            return Optional.empty();
        }
    }
}
