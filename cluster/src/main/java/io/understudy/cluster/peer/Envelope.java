package io.understudy.cluster.peer;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What is signed besides the body: a call is bound to its method, path, sender, receiver, session,
 * counter and the receiver's challenge, and says what the sender is ({@link Introduction}); an
 * answer is bound to the nonce of its call.
 */
record Envelope(
        String method,
        String path,
        String from,
        String to,
        String member,
        String session,
        long counter,
        String challenge,
        String nonce) {

    static final String FROM = "Understudy-From";
    static final String TO = "Understudy-To";
    static final String MEMBER = "Understudy-Member";
    static final String SESSION = "Understudy-Session";
    static final String COUNTER = "Understudy-Counter";
    static final String CHALLENGE = "Understudy-Challenge";
    static final String NONCE = "Understudy-Nonce";
    static final String MAC = "Understudy-Mac";
    static final String KIND = "Understudy-Kind";

    static final String KIND_REPLY = "reply";
    static final String KIND_CHALLENGE = "challenge";
    static final String KIND_STREAM = "stream";

    static byte[] key(Secret secret, String cluster) {
        return secret.derive("peer protocol 1 of cluster " + cluster);
    }

    String callMac(byte[] key, byte[] body) {
        return mac(
                key,
                "call",
                method,
                path,
                from,
                to,
                member,
                session,
                Long.toString(counter),
                challenge,
                nonce,
                sha256(body));
    }

    String replyMac(byte[] key, int status, String kind, byte[] body) {
        return mac(key, "reply", Integer.toString(status), kind, to, from, nonce, sha256(body));
    }

    byte[] streamKey(byte[] key) {
        return Secret.hmac(
                key,
                ("stream\n" + from + "\n" + to + "\n" + nonce).getBytes(StandardCharsets.UTF_8));
    }

    static boolean same(String mac, String given) {
        return given != null
                && MessageDigest.isEqual(
                        mac.getBytes(StandardCharsets.US_ASCII),
                        given.getBytes(StandardCharsets.US_ASCII));
    }

    private static String mac(byte[] key, String... lines) {
        byte[] text = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(Secret.hmac(key, text));
    }

    private static String sha256(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
