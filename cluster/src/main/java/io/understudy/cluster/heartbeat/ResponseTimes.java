package io.understudy.cluster.heartbeat;

import java.time.Duration;
import java.util.Optional;

/**
 * Response times of one peer: the mean of the last minute in buckets of a second, and the jitter as
 * the running mean deviation of RFC 3550, section 6.4.1.
 */
final class ResponseTimes {

    private static final int BUCKETS = 60;
    private static final long BUCKET_NANOS = 1_000_000_000L;

    private final long[] second = new long[BUCKETS];
    private final long[] sum = new long[BUCKETS];
    private final long[] count = new long[BUCKETS];
    private double jitter;
    private long last = -1;

    void add(long responseNanos, long now) {
        long current = Math.floorDiv(now, BUCKET_NANOS);
        int bucket = (int) Math.floorMod(current, (long) BUCKETS);
        if (second[bucket] != current) {
            second[bucket] = current;
            sum[bucket] = 0;
            count[bucket] = 0;
        }
        sum[bucket] += responseNanos;
        count[bucket]++;
        if (last >= 0) {
            jitter += (Math.abs(responseNanos - last) - jitter) / 16;
        }
        last = responseNanos;
    }

    Optional<Duration> mean(long now) {
        long oldest = Math.floorDiv(now, BUCKET_NANOS) - BUCKETS + 1;
        long total = 0;
        long answers = 0;
        for (int i = 0; i < BUCKETS; i++) {
            if (count[i] > 0 && second[i] >= oldest) {
                total += sum[i];
                answers += count[i];
            }
        }
        return answers == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(total / answers));
    }

    Optional<Duration> jitter(long now) {
        return mean(now).map(any -> Duration.ofNanos((long) jitter));
    }
}
