package io.understudy.cluster.peer;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ScheduledExecutorService;

/** Reads what {@link FramedOutput} wrote and gives no byte that was not checked. */
final class FramedInput extends InputStream {

    private static final System.Logger LOG = System.getLogger(FramedInput.class.getName());

    private final InputStream in;
    private final byte[] key;
    private final String source;
    private final Duration limit;
    private final StallWatch watch;
    private ByteBuffer frame = ByteBuffer.allocate(0);
    private long number;
    private boolean ended;

    FramedInput(
            InputStream in,
            byte[] key,
            String source,
            Duration limit,
            ScheduledExecutorService scheduler) {
        this.in = in;
        this.key = key;
        this.source = source;
        this.limit = limit;
        this.watch = new StallWatch(scheduler, limit, this::closeQuietly);
    }

    @Override
    public int read() throws IOException {
        return ready() ? frame.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!ready()) {
            return -1;
        }
        int part = Math.min(length, frame.remaining());
        frame.get(bytes, offset, part);
        return part;
    }

    @Override
    public int available() {
        return frame.remaining();
    }

    private boolean ready() throws IOException {
        while (!frame.hasRemaining() && !ended) {
            next();
        }
        return frame.hasRemaining();
    }

    private void next() throws IOException {
        ByteBuffer head = ByteBuffer.wrap(exactly(FramedOutput.HEADER_BYTES));
        byte type = head.get();
        int length = head.getInt();
        if (length < 0 || length > FramedOutput.FRAME_BYTES) {
            throw new IOException(
                    source + " was altered on its way (frame of " + length + " bytes)");
        }
        byte[] content = exactly(length);
        byte[] mac = exactly(FramedOutput.MAC_BYTES);
        if (!MessageDigest.isEqual(mac, FramedOutput.mac(key, number++, type, content))) {
            throw new IOException(source + " was altered on its way (checksum of a frame)");
        }
        switch (type) {
            case FramedOutput.DATA -> frame = ByteBuffer.wrap(content);
            case FramedOutput.END -> ended = true;
            default ->
                    throw new IOException(
                            source
                                    + " ended with an error there: "
                                    + new String(content, StandardCharsets.UTF_8));
        }
    }

    private byte[] exactly(int count) throws IOException {
        watch.begin();
        try {
            byte[] bytes = in.readNBytes(count);
            if (bytes.length < count) {
                throw new EOFException("the connection was cut");
            }
            return bytes;
        } catch (IOException e) {
            String why =
                    watch.stalled()
                            ? "nothing came for " + limit.toMillis() + " ms"
                            : e.getMessage();
            throw new IOException(source + " broke off before its end: " + why, e);
        } finally {
            watch.end();
        }
    }

    private void closeQuietly() {
        try {
            in.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "closing " + source + " after a stall", e);
        }
    }

    @Override
    public void close() throws IOException {
        watch.close();
        frame = ByteBuffer.wrap(Arrays.copyOf(frame.array(), 0));
        ended = true;
        in.close();
    }
}
