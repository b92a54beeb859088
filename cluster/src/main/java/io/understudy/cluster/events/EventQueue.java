package io.understudy.cluster.events;

import io.understudy.cluster.peer.PeerJson;
import io.understudy.cluster.register.DurableFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Events of this member that have no number yet, on its disk: they outlive a restart without a
 * majority. Used by one thread.
 */
final class EventQueue {

    private static final System.Logger LOG = System.getLogger(EventQueue.class.getName());
    private static final long COMPACT_BYTES = 1024 * 1024;

    private final Path file;
    private final List<QueuedEvent> waiting = new ArrayList<>();

    EventQueue(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            // Only the last line can be torn, and its event was never acknowledged to anybody.
            for (String line : new String(Files.readAllBytes(file), "UTF-8").split("\n")) {
                try {
                    QueuedEvent queued = PeerJson.read(line.getBytes("UTF-8"), QueuedEvent.class);
                    if (queued != null) {
                        waiting.add(queued);
                    }
                } catch (com.fasterxml.jackson.core.JacksonException e) {
                    LOG.log(System.Logger.Level.WARNING, "A torn line in {0} is left out", file);
                }
            }
            compact();
        }
    }

    /** Adds events; they are on disk on return, and in the queue even if that failed. */
    void add(List<QueuedEvent> events) throws IOException {
        waiting.addAll(events);
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (QueuedEvent event : events) {
            lines.writeBytes(PeerJson.write(event));
            lines.write('\n');
        }
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            ByteBuffer bytes = ByteBuffer.wrap(lines.toByteArray());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /** The first events of the queue, up to about {@code bytes} as JSON, at least one. */
    List<QueuedEvent> head(int bytes) {
        List<QueuedEvent> head = new ArrayList<>();
        int size = 0;
        for (QueuedEvent event : waiting) {
            size += PeerJson.write(event).length;
            if (!head.isEmpty() && size > bytes) {
                break;
            }
            head.add(event);
        }
        return head;
    }

    /** Takes away what has a number now; returns whether anything went. */
    boolean remove(EventTail numbered) throws IOException {
        boolean removed = waiting.removeIf(numbered::contains);
        boolean large = Files.exists(file) && Files.size(file) > COMPACT_BYTES;
        if (removed && (waiting.isEmpty() || large)) {
            compact();
        }
        return removed;
    }

    private void compact() throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (QueuedEvent event : waiting) {
            lines.writeBytes(PeerJson.write(event));
            lines.write('\n');
        }
        DurableFile.replace(file, lines.toByteArray());
    }

    int size() {
        return waiting.size();
    }
}
