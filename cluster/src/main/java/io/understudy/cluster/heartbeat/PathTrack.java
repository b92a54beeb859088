package io.understudy.cluster.heartbeat;

/** What came from one peer by one path. Used by the heartbeat's thread. */
final class PathTrack {

    private final ResponseTimes responses = new ResponseTimes();
    private long counter;
    private long beatAt;
    private long heardAt;

    PathTrack(long now) {
        this.beatAt = now;
        this.heardAt = now;
    }

    /** The next beat is the first one of its process, or of another address. */
    void restart() {
        counter = 0;
    }

    void heard(Beat beat, long now) {
        counter = beat.counter();
        beatAt = now;
    }

    /** By this path the peer is heard, and hears us, as late as that. */
    void reached(long at) {
        heardAt = at;
    }

    ResponseTimes responses() {
        return responses;
    }

    /** The highest counter that came; 0 if none did. */
    long counter() {
        return counter;
    }

    /** When the beat of {@link #counter} came. */
    long beatAt() {
        return beatAt;
    }

    /** When the peer was heard by it last and heard us, or when silence began to count again. */
    long heardAt() {
        return heardAt;
    }
}
