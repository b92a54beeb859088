package io.understudy.cluster.peer;

import java.util.concurrent.atomic.LongAdder;

/** What a {@link PeerServer} has seen since it started; for metrics and for tests. */
public final class PeerCounters {

    final LongAdder answered = new LongAdder();
    final LongAdder notAuthentic = new LongAdder();
    final LongAdder replayed = new LongAdder();
    final LongAdder tooLarge = new LongAdder();
    final LongAdder failed = new LongAdder();

    PeerCounters() {}

    /** Returns how many calls were handled without failure. */
    public long answered() {
        return answered.sum();
    }

    /** Returns how many calls were refused because sender, receiver or secret were wrong. */
    public long notAuthentic() {
        return notAuthentic.sum();
    }

    /** Returns how many calls were refused because they had been seen before. */
    public long replayed() {
        return replayed.sum();
    }

    /** Returns how many calls were refused for their size. */
    public long tooLarge() {
        return tooLarge.sum();
    }

    /** Returns how many calls ended in an exception of their handler. */
    public long failed() {
        return failed.sum();
    }
}
