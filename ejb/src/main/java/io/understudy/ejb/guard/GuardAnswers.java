package io.understudy.ejb.guard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.understudy.core.address.WireReport;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts together what the guard answers, from the pieces in which it arrives. One thread takes; any
 * asks.
 */
final class GuardAnswers {

    /** A report is small; what is longer is none. */
    private static final int MOST = 1 << 18;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final List<String> lines = new ArrayList<>();
    private int size;
    private volatile WireReport last = WireReport.NOTHING;

    /** Returns the last report that was whole. */
    WireReport last() {
        return last;
    }

    void take(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            byte one = bytes.get();
            if (one == '\n') {
                end();
            } else if (++size <= MOST) {
                line.write(one);
            }
        }
    }

    private void end() {
        String text = line.toString(UTF_8);
        line.reset();
        if (!text.equals(WireReport.END)) {
            lines.add(text);
            return;
        }
        if (size <= MOST) {
            last = WireReport.read(lines);
        }
        lines.clear();
        size = 0;
    }
}
