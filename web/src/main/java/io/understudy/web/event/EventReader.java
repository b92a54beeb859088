package io.understudy.web.event;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.understudy.core.view.EventView;
import io.understudy.ejb.control.NodeControl;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * One reader of the event stream: writes when there is something and the connection takes it, else
 * a comment now and then, by which both sides find out that the other is gone.
 */
final class EventReader implements WriteListener, AsyncListener {

    /** How long nothing may be written. */
    static final Duration HEARTBEAT = Duration.ofSeconds(5);

    /** A connection that takes nothing for so long is given up. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int BATCH = 50;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final AsyncContext asynchronous;
    private final ServletOutputStream out;
    private final NodeControl node;
    private final EventFilter filter;
    private final Runnable left;
    private long last;
    private long wroteAt = System.nanoTime();
    private boolean greeted;
    private boolean unflushed;
    private boolean over;

    EventReader(
            AsyncContext asynchronous,
            NodeControl node,
            EventFilter filter,
            long after,
            Runnable left)
            throws IOException {
        this.asynchronous = asynchronous;
        this.out = asynchronous.getResponse().getOutputStream();
        this.node = node;
        this.filter = filter;
        this.last = after;
        this.left = left;
    }

    void begin() {
        asynchronous.addListener(this);
        out.setWriteListener(this);
    }

    @Override
    public void onWritePossible() {
        look();
    }

    /** Writes what there is, if the connection takes it; never blocks. */
    synchronized void look() {
        if (over) {
            return;
        }
        try {
            if (out.isReady()) {
                write();
            } else if (System.nanoTime() - wroteAt > PATIENCE.toNanos()) {
                end();
            }
        } catch (IOException | RuntimeException gone) {
            end();
        }
    }

    private void write() throws IOException {
        List<EventView> fresh = node.lastEvent() > last ? node.events(last, BATCH) : List.of();
        boolean silent = System.nanoTime() - wroteAt > HEARTBEAT.toNanos();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (!greeted) {
            greeted = true;
            line(bytes, "retry: 2000\n");
        }
        for (EventView event : fresh) {
            last = event.number();
            if (filter.passes(event)) {
                line(bytes, "id: " + last + "\ndata: " + MAPPER.writeValueAsString(event) + "\n");
            }
        }
        if (bytes.size() == 0 && silent) {
            // Without data it is no event, and still says where to go on.
            line(bytes, ": beat\nid: " + last + "\n");
        }
        if (bytes.size() > 0) {
            out.write(bytes.toByteArray());
            wroteAt = System.nanoTime();
            unflushed = true;
        }
        if (unflushed && out.isReady()) {
            out.flush();
            unflushed = false;
        }
    }

    private static void line(ByteArrayOutputStream bytes, String text) {
        bytes.writeBytes((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Ends the stream; the reader comes back by itself if it wants to. */
    void end() {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
        }
        left.run();
        try {
            asynchronous.complete();
        } catch (IllegalStateException ended) {
            // The container was faster.
            return;
        }
    }

    @Override
    public void onError(Throwable gone) {
        end();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        end();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        end();
    }

    @Override
    public void onError(AsyncEvent event) {
        end();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Is never started a second time.
    }
}
