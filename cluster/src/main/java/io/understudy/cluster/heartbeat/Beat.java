package io.understudy.cluster.heartbeat;

import io.understudy.cluster.peer.Secret;
import io.understudy.core.config.NodeConfiguration.Role;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Path;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One heartbeat datagram.
 *
 * @param from who sends it
 * @param to whom it is for
 * @param boot the sender's process; another one after a restart
 * @param counter rises with every datagram of the process
 * @param toBoot the receiver's process as the sender knows it; 0 if it does not
 * @param echo the counter of the last beat heard from the receiver; 0 if none
 * @param echoDelay nanoseconds between hearing that and sending this
 * @param role the sender's role
 * @param version the sender's version
 * @param report the version of the sender's report
 * @param nudges how often the sender has nudged
 * @param hint opaque, at most {@link #MAXIMUM_HINT} bytes
 * @param direct the sender's address on the direct link; empty if it has none. Members of older
 *     versions do not read it, nor send it
 * @param path by which it is sent: what was sent by one is refused on the other, so that a
 *     recording of one cannot be played where nothing comes any more
 */
record Beat(
        NodeName from,
        NodeName to,
        long boot,
        long counter,
        long toBoot,
        long echo,
        long echoDelay,
        Role role,
        String version,
        long report,
        long nudges,
        byte[] hint,
        String direct,
        Path path) {

    static final int MAXIMUM_HINT = 512;
    static final int MAXIMUM_BYTES = 1200;
    private static final int MAC_BYTES = 16;
    private static final int MAGIC = 0x55534231;

    /** Signs and checks; one per heartbeat, used by its thread only. */
    static final class Codec {
        private final Mac mac;

        Codec(Secret secret, String cluster) {
            try {
                mac = Mac.getInstance("HmacSHA256");
                mac.init(
                        new SecretKeySpec(
                                secret.derive("heartbeat 1 of cluster " + cluster), "HmacSHA256"));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has HmacSHA256", e);
            }
        }

        void encode(Beat beat, ByteBuffer out) {
            out.clear();
            out.putInt(MAGIC);
            text(out, beat.from().value());
            text(out, beat.to().value());
            out.putLong(beat.boot()).putLong(beat.counter()).putLong(beat.toBoot());
            out.putLong(beat.echo()).putLong(beat.echoDelay());
            out.put((byte) beat.role().ordinal());
            text(out, beat.version());
            out.putLong(beat.report()).putLong(beat.nudges());
            out.putShort((short) beat.hint().length).put(beat.hint());
            text(out, beat.direct());
            out.put((byte) beat.path().ordinal());
            out.put(sign(out.array(), out.position()));
            out.flip();
        }

        /** Returns the beat; null if it is none, or not made with the cluster's secret. */
        Beat decode(ByteBuffer in) {
            int length = in.remaining() - MAC_BYTES;
            if (length < 4 || in.getInt(in.position()) != MAGIC) {
                return null;
            }
            byte[] content = new byte[length];
            in.get(content);
            byte[] given = new byte[MAC_BYTES];
            in.get(given);
            return MessageDigest.isEqual(given, sign(content, length)) ? parse(content) : null;
        }

        private byte[] sign(byte[] content, int length) {
            mac.update(content, 0, length);
            return Arrays.copyOf(mac.doFinal(), MAC_BYTES);
        }
    }

    private static Beat parse(byte[] content) {
        ByteBuffer in = ByteBuffer.wrap(content);
        try {
            in.getInt();
            return new Beat(
                    NodeName.of(text(in)),
                    NodeName.of(text(in)),
                    in.getLong(),
                    in.getLong(),
                    in.getLong(),
                    in.getLong(),
                    in.getLong(),
                    Role.values()[in.get()],
                    text(in),
                    in.getLong(),
                    in.getLong(),
                    bytes(in, in.getShort()),
                    in.hasRemaining() ? text(in) : "",
                    in.hasRemaining() ? Path.values()[in.get()] : Path.MAIN);
        } catch (BufferUnderflowException
                | IllegalArgumentException
                | IndexOutOfBoundsException e) {
            System.getLogger(Beat.class.getName())
                    .log(System.Logger.Level.DEBUG, "an authentic beat of another form", e);
            return null;
        }
    }

    private static void text(ByteBuffer out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.put((byte) bytes.length).put(bytes);
    }

    private static String text(ByteBuffer in) {
        return new String(bytes(in, in.get()), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("length " + length);
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
