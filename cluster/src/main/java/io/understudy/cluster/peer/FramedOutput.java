package io.understudy.cluster.peer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes a stream as frames: type (1 byte), length (4), content, HMAC-SHA-256 over number, type,
 * length and content. Only the end frame ends a stream well, so a cut can never look like the end.
 */
final class FramedOutput extends OutputStream {

    static final byte DATA = 1;
    static final byte END = 2;
    static final byte ERROR = 3;
    static final int FRAME_BYTES = 64 * 1024;
    static final int MAC_BYTES = 32;
    static final int HEADER_BYTES = 5;

    private final OutputStream out;
    private final byte[] key;
    private final StallWatch watch;
    private final byte[] buffer = new byte[FRAME_BYTES];
    private int filled;
    private long number;
    private boolean ended;

    FramedOutput(OutputStream out, byte[] key, StallWatch watch) {
        this.out = out;
        this.key = key;
        this.watch = watch;
    }

    @Override
    public void write(int b) throws IOException {
        if (filled == buffer.length) {
            flush();
        }
        buffer[filled++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (filled == buffer.length) {
                flush();
            }
            int part = Math.min(left, buffer.length - filled);
            System.arraycopy(bytes, from, buffer, filled, part);
            filled += part;
            from += part;
            left -= part;
        }
    }

    @Override
    public void flush() throws IOException {
        if (filled > 0) {
            frame(DATA, ByteBuffer.wrap(buffer, 0, filled));
            filled = 0;
        }
    }

    /** Ends the stream well. */
    void end() throws IOException {
        flush();
        frame(END, ByteBuffer.allocate(0));
        ended = true;
    }

    /** Ends the stream as an error that the reader is told. */
    void fail(String reason) throws IOException {
        if (!ended) {
            byte[] text = reason.getBytes(StandardCharsets.UTF_8);
            frame(ERROR, ByteBuffer.wrap(text, 0, Math.min(text.length, FRAME_BYTES)));
            ended = true;
        }
    }

    private void frame(byte type, ByteBuffer content) throws IOException {
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        byte[] mac = mac(key, number++, type, bytes);
        ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + bytes.length + mac.length);
        frame.put(type).putInt(bytes.length).put(bytes).put(mac);
        watch.begin();
        try {
            out.write(frame.array());
            out.flush();
        } finally {
            watch.end();
        }
    }

    static byte[] mac(byte[] key, long number, byte type, byte[] content) {
        byte[] head =
                ByteBuffer.allocate(13).putLong(number).put(type).putInt(content.length).array();
        return Secret.hmac(key, head, content);
    }
}
