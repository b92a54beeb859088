package io.understudy.web.security;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Counts wrong tokens by remote address. The right token always passes, so nobody can lock an
 * operator out; a token is long enough not to be guessed, so this only keeps the log and the
 * processor calm.
 */
@ApplicationScoped
public class FailedAttempts {

    /** So many wrong tokens an address may send within {@link #WINDOW}. */
    static final int ALLOWED = 10;

    /** How long they are counted from the first one. */
    static final Duration WINDOW = Duration.ofSeconds(60);

    /** So many addresses are remembered; the oldest gives way. */
    private static final int MOST_ADDRESSES = 1024;

    private final LongSupplier nanos;
    private final Map<String, Count> counts = new LinkedHashMap<>();

    /** Counts by the host's monotonic clock. */
    public FailedAttempts() {
        this(System::nanoTime);
    }

    FailedAttempts(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * Counts a wrong token.
     *
     * @return zero if that is still bearable, else how long the address should wait
     */
    public synchronized Duration count(String address) {
        long now = nanos.getAsLong();
        Count count = counts.get(address);
        if (count == null || now - count.since >= WINDOW.toNanos()) {
            counts.remove(address);
            forgetOldest();
            count = new Count(now);
            counts.put(address, count);
        }
        count.wrong++;
        if (count.wrong <= ALLOWED) {
            return Duration.ZERO;
        }
        return WINDOW.minusNanos(now - count.since);
    }

    private void forgetOldest() {
        Iterator<String> oldest = counts.keySet().iterator();
        while (counts.size() >= MOST_ADDRESSES) {
            oldest.next();
            oldest.remove();
        }
    }

    private static final class Count {
        private final long since;
        private int wrong;

        private Count(long since) {
            this.since = since;
        }
    }
}
