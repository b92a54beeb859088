package io.understudy.ejb.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A piece of a log: whole lines only.
 *
 * @param text at most {@value #MOST_BYTES} bytes
 * @param next the offset of the byte after it
 */
public record LogTail(String text, long next) {

    /** More is never read at once. */
    public static final int MOST_BYTES = 64 * 1024;

    /** Returns the last lines of {@code file}, fewer if they are long; none if it is not there. */
    public static LogTail last(Path file, int lines) throws IOException {
        if (!Files.exists(file)) {
            return new LogTail("", 0);
        }
        long size = Files.size(file);
        byte[] end = read(file, Math.max(0, size - MOST_BYTES));
        int from = end.length;
        int left = lines;
        int last = lastNewline(end);
        for (int i = last; i >= 0; i--) {
            if (i == 0 && size <= MOST_BYTES || i > 0 && end[i - 1] == '\n') {
                from = i;
                if (--left == 0) {
                    break;
                }
            }
        }
        from = Math.min(from, last + 1);
        long next = size - end.length + last + 1;
        return new LogTail(text(end, from, last + 1), next);
    }

    /** Returns what was added after {@code offset}; from the start where it has been rotated. */
    public static LogTail since(Path file, long offset) throws IOException {
        if (!Files.exists(file)) {
            return new LogTail("", 0);
        }
        long from = offset > Files.size(file) ? 0 : offset;
        byte[] bytes = read(file, from);
        int end = lastNewline(bytes) + 1;
        // A line longer than all that is read at once is given in pieces.
        int take = end == 0 && bytes.length == MOST_BYTES ? bytes.length : end;
        return new LogTail(text(bytes, 0, take), from + take);
    }

    private static byte[] read(Path file, long from) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer buffer = ByteBuffer.allocate(MOST_BYTES);
            long at = from;
            while (buffer.hasRemaining()) {
                int read = channel.read(buffer, at);
                if (read < 0) {
                    break;
                }
                at += read;
            }
            buffer.flip();
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return bytes;
        }
    }

    private static int lastNewline(byte[] bytes) {
        int i = bytes.length - 1;
        while (i >= 0 && bytes[i] != '\n') {
            i--;
        }
        return i;
    }

    private static String text(byte[] bytes, int from, int to) {
        return to <= from ? "" : new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}
