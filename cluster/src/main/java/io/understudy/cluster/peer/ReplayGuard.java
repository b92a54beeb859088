package io.understudy.cluster.peer;

import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * Refuses what was seen before, without comparing clocks: every call names the receiver's current
 * challenge, the sender's session and a counter. The challenge voids recordings made before this
 * receiver started; a window of counters per session voids those made since. When there are too
 * many sessions to remember, the challenge changes and all may be forgotten.
 */
final class ReplayGuard {

    static final int WINDOW = 1024;
    static final int SESSIONS = 64;

    private final SecureRandom random = new SecureRandom();
    private final Map<String, Window> windows = new HashMap<>();
    private String challenge = fresh();

    /** What came of a check. */
    enum Verdict {
        FRESH,
        REPLAYED,
        OTHER_CHALLENGE
    }

    synchronized String challenge() {
        return challenge;
    }

    synchronized Verdict check(String theirs, String sender, String session, long counter) {
        if (!challenge.equals(theirs)) {
            return Verdict.OTHER_CHALLENGE;
        }
        String key = sender + '/' + session;
        Window window = windows.get(key);
        if (window == null) {
            if (windows.size() >= SESSIONS) {
                windows.clear();
                challenge = fresh();
                return Verdict.OTHER_CHALLENGE;
            }
            window = new Window();
            windows.put(key, window);
        }
        return window.accept(counter) ? Verdict.FRESH : Verdict.REPLAYED;
    }

    private String fresh() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Remembers which of the last {@link #WINDOW} counters were seen; older ones count as seen. */
    private static final class Window {
        private final long[] seen = new long[WINDOW];
        private long highest;

        boolean accept(long counter) {
            if (counter <= 0 || counter <= highest - WINDOW) {
                return false;
            }
            int slot = (int) (counter % WINDOW);
            if (seen[slot] >= counter) {
                return false;
            }
            seen[slot] = counter;
            highest = Math.max(highest, counter);
            return true;
        }
    }
}
