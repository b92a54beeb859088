package io.understudy.systemtests.lab;

import io.understudy.systemtests.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A client that makes a new connection every 10 ms, asks the service who answers, and waits a
 * second at most for each; attempts overlap, so one that hangs delays no other.
 */
public final class Prober implements AutoCloseable {

    private static final long EVERY = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(1);
    private static final byte[] REQUEST =
            "GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /**
     * A success.
     *
     * @param beganNanos when its connection was begun
     * @param endedNanos when the whole answer had come
     * @param node who answered
     */
    public record Answer(long beganNanos, long endedNanos, String node) {}

    /**
     * A time without answers.
     *
     * @param length between two answers
     * @param beganNanos when the first of them came
     */
    public record Gap(Duration length, long beganNanos) {}

    private final InetSocketAddress target;
    private final List<Answer> answers = new ArrayList<>();
    private final Thread thread;
    private volatile boolean stopping;
    private volatile String lastFailure = "";

    private static final class Attempt {
        private final long began;
        private final ByteBuffer got = ByteBuffer.allocate(512);

        Attempt(long began) {
            this.began = began;
        }
    }

    /**
     * Begins at once.
     *
     * @param place where the client is
     * @param address literal
     */
    Prober(Place place, String address, int port) {
        target = new InetSocketAddress(address, port);
        thread = new Thread(() -> place.run(this::loop), "prober-" + address);
        thread.setDaemon(true);
        thread.start();
    }

    private void loop() {
        try (Selector selector = Selector.open()) {
            long next = System.nanoTime();
            while (!stopping) {
                long now = System.nanoTime();
                if (now - next >= 0) {
                    begin(selector, now);
                    // After a pause of ours the missed ones are not made up for.
                    next = Math.max(next + EVERY, now);
                }
                long wait = TimeUnit.NANOSECONDS.toMillis(next - System.nanoTime());
                if (wait > 0) {
                    selector.select(wait);
                } else {
                    selector.selectNow();
                }
                for (Iterator<SelectionKey> i = selector.selectedKeys().iterator(); i.hasNext(); ) {
                    advance(i.next());
                    i.remove();
                }
                expire(selector);
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void begin(Selector selector, long now) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        try {
            boolean connected = channel.connect(target);
            int interest = connected ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT;
            channel.register(selector, interest, new Attempt(now));
        } catch (IOException refused) {
            lastFailure = refused.toString();
            channel.close();
        }
    }

    private void advance(SelectionKey key) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        Attempt attempt = (Attempt) key.attachment();
        try {
            if (!key.isValid()) {
                return;
            }
            if (key.isConnectable()) {
                channel.finishConnect();
                key.interestOps(SelectionKey.OP_WRITE);
            } else if (key.isWritable()) {
                channel.write(ByteBuffer.wrap(REQUEST));
                key.interestOps(SelectionKey.OP_READ);
            } else if (channel.read(attempt.got) < 0) {
                note(attempt);
                channel.close();
            }
        } catch (IOException failed) {
            lastFailure = failed.toString();
            channel.close();
        }
    }

    private void note(Attempt attempt) {
        String text =
                new String(
                        attempt.got.array(), 0, attempt.got.position(), StandardCharsets.US_ASCII);
        if (text.startsWith("HTTP/1.0 200")) {
            String node = text.substring(text.indexOf("\r\n\r\n") + 4).strip();
            synchronized (answers) {
                answers.add(new Answer(attempt.began, System.nanoTime(), node));
            }
        } else {
            lastFailure = "answered: " + text;
        }
    }

    private void expire(Selector selector) throws IOException {
        long now = System.nanoTime();
        for (SelectionKey key : selector.keys()) {
            if (now - ((Attempt) key.attachment()).began > LIMIT) {
                lastFailure = "no answer within a second";
                key.channel().close();
            }
        }
    }

    /** Returns all answers so far, in order. */
    public List<Answer> answers() {
        synchronized (answers) {
            return List.copyOf(answers);
        }
    }

    /** Returns how many answers came after {@code nanos}. */
    public long answersSince(long nanos) {
        return answers().stream().filter(a -> a.endedNanos() - nanos > 0).count();
    }

    /** Returns who answered last; empty if nobody did. */
    public String lastNode() {
        List<Answer> all = answers();
        return all.isEmpty() ? "" : all.get(all.size() - 1).node();
    }

    /** Returns why the last attempt failed that did. */
    public String lastFailure() {
        return lastFailure;
    }

    /**
     * Returns the longest time between two answers that touches the window; the time since the last
     * one counts too.
     */
    public Gap longestGap(long fromNanos, long untilNanos) {
        return longestGap(answers(), fromNanos, untilNanos);
    }

    /** Returns the longest time between two answers that began in the window. */
    Gap longestGapBegunAfter(long fromNanos, long untilNanos) {
        return longestGapBegunAfter(answers(), fromNanos, untilNanos);
    }

    static Gap longestGapBegunAfter(List<Answer> all, long fromNanos, long untilNanos) {
        List<Answer> later = all.stream().filter(a -> a.endedNanos() - fromNanos > 0).toList();
        return longestGap(later, fromNanos, untilNanos);
    }

    static Gap longestGap(List<Answer> all, long fromNanos, long untilNanos) {
        Gap longest = new Gap(Duration.ZERO, fromNanos);
        for (int i = 0; i < all.size(); i++) {
            long began = all.get(i).endedNanos();
            long ended = i + 1 < all.size() ? all.get(i + 1).endedNanos() : untilNanos;
            boolean touches = ended - fromNanos > 0 && began - untilNanos < 0;
            if (touches && ended - began > longest.length().toNanos()) {
                longest = new Gap(Duration.ofNanos(ended - began), began);
            }
        }
        return longest;
    }

    /** Returns how often another node answered than before, from {@code nanos} on. */
    public int movesSince(long nanos) {
        String before = "";
        int moves = 0;
        for (Answer answer : answers()) {
            if (!before.isEmpty()
                    && !answer.node().equals(before)
                    && answer.endedNanos() - nanos > 0) {
                moves++;
            }
            before = answer.node();
        }
        return moves;
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(15));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new IllegalStateException(thread.getName() + " does not end");
        }
    }
}
