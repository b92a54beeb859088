package io.understudy.cluster.peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the members of a cluster share. Nothing ever uses the content itself: every use derives its
 * own key, so that what leaks in one place opens no other.
 */
public final class Secret {

    /**
     * A secret's content must have at least this many bytes, white space at the ends not counted.
     */
    public static final int MINIMUM_BYTES = 32;

    private static final int MAXIMUM_BYTES = 4096;
    private static final String ALGORITHM = "HmacSHA256";
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final byte[] content;

    private Secret(byte[] content) {
        this.content = content;
    }

    /**
     * Reads a secret file.
     *
     * @param file a regular file that only its owner can read
     * @return the secret
     * @throws SecretException if the file is missing, readable by others, or too short; the message
     *     names the mend
     */
    public static Secret load(Path file) {
        Objects.requireNonNull(file, "file");
        try {
            if (!Files.isRegularFile(file)) {
                throw new SecretException(
                        "The cluster's secret file "
                                + file
                                + " does not exist or is not a file. Copy it from another member, or"
                                + " make one with `understudy setup`.");
            }
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (!OWNER_ONLY.containsAll(permissions)) {
                throw new SecretException(
                        "The cluster's secret file "
                                + file
                                + " has permissions "
                                + PosixFilePermissions.toString(permissions)
                                + " and others may read it. Run: chmod 600 "
                                + file);
            }
            if (Files.size(file) > MAXIMUM_BYTES) {
                throw new SecretException(
                        "The cluster's secret file "
                                + file
                                + " is larger than "
                                + MAXIMUM_BYTES
                                + " bytes and cannot be one. Check cluster.secret-file.");
            }
            return of(Files.readAllBytes(file), "The cluster's secret file " + file);
        } catch (IOException e) {
            throw new SecretException(
                    "The cluster's secret file "
                            + file
                            + " cannot be read ("
                            + e.getMessage()
                            + "). Make it readable for the user that runs Understudy.",
                    e);
        }
    }

    /**
     * Makes a secret from bytes at hand, for members that live in one process and for tests.
     *
     * @param content at least {@link #MINIMUM_BYTES} bytes
     * @throws SecretException if it is too short
     */
    public static Secret of(byte[] content) {
        return of(content, "The cluster's secret");
    }

    private static Secret of(byte[] content, String what) {
        byte[] trimmed =
                new String(content, StandardCharsets.ISO_8859_1)
                        .strip()
                        .getBytes(StandardCharsets.ISO_8859_1);
        if (trimmed.length < MINIMUM_BYTES) {
            throw new SecretException(
                    what
                            + " has "
                            + trimmed.length
                            + " bytes; at least "
                            + MINIMUM_BYTES
                            + " are needed. Write a new one on every member, for example with:"
                            + " openssl rand -hex 32");
        }
        return new Secret(trimmed);
    }

    /**
     * Makes a new random secret file with permissions 0600.
     *
     * @param file must not exist
     * @return the secret that was written
     * @throws SecretException if the file exists or cannot be written
     */
    public static Secret create(Path file) {
        byte[] random = new byte[MINIMUM_BYTES];
        new SecureRandom().nextBytes(random);
        byte[] text = (HexFormat.of().formatHex(random) + "\n").getBytes(StandardCharsets.US_ASCII);
        try (var channel =
                Files.newByteChannel(
                        file,
                        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            channel.write(java.nio.ByteBuffer.wrap(text));
        } catch (IOException e) {
            throw new SecretException(
                    "The cluster's secret file "
                            + file
                            + " cannot be made ("
                            + (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                                    ? "it exists already"
                                    : e.getMessage())
                            + "). Remove it if no member uses it any more, or name another"
                            + " cluster.secret-file.",
                    e);
        }
        return of(text);
    }

    /**
     * Returns the key for one purpose: HMAC-SHA-256 of the purpose under the secret (RFC 2104).
     *
     * @param purpose what the key is for; different purposes give independent keys
     * @return 32 bytes, the same on every member
     */
    public byte[] derive(String purpose) {
        return hmac(content, purpose.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns {@link #derive} as 64 hexadecimal digits, for passwords. */
    public String deriveHex(String purpose) {
        return HexFormat.of().formatHex(derive(purpose));
    }

    /** HMAC-SHA-256 of the concatenated parts. */
    static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that
                && java.security.MessageDigest.isEqual(content, that.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(derive("hashCode"));
    }

    /** Says nothing of the content. */
    @Override
    public String toString() {
        return "Secret[hidden]";
    }
}
