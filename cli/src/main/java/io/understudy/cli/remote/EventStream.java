package io.understudy.cli.remote;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/**
 * The lines of a stream of server-sent events as they come in. Takes a line only when there is room
 * for it, so that a node that talks much does not fill this process.
 */
public final class EventStream implements Flow.Subscriber<String>, AutoCloseable {

    private static final int ROOM = 64;
    private static final String END = "\u0000end";

    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(ROOM + 1);
    private volatile Flow.Subscription subscription;

    EventStream() {}

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(ROOM);
    }

    @Override
    public void onNext(String line) {
        lines.add(line);
    }

    @Override
    public void onError(Throwable gone) {
        lines.add(END);
    }

    @Override
    public void onComplete() {
        lines.add(END);
    }

    /**
     * Returns the data of the next event.
     *
     * @param limit how long no line may come; a node sends one every few seconds
     * @return empty if the stream has ended, or was silent for too long
     */
    public Optional<String> next(Duration limit) throws InterruptedException {
        String data = null;
        String line = take(limit);
        while (line != null && !line.equals(END)) {
            if (line.isEmpty() && data != null) {
                return Optional.of(data);
            }
            if (line.startsWith("data:")) {
                data = line.substring("data:".length()).strip();
            }
            line = take(limit);
        }
        return Optional.empty();
    }

    private String take(Duration limit) throws InterruptedException {
        String line = lines.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (line != null) {
            subscription.request(1);
        }
        return line;
    }

    /** Ends the connection. */
    @Override
    public void close() {
        Flow.Subscription present = subscription;
        if (present != null) {
            present.cancel();
        }
    }
}
