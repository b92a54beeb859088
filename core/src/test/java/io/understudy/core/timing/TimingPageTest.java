package io.understudy.core.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.time.DurationText;
import io.understudy.core.timing.Outage.Fault;
import io.understudy.core.timing.Outage.Term;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The tables of docs/timing.md are what the code computes. To write them anew: {@code mvn -pl core
 * test -Dtest=TimingPageTest -DargLine=-Dunderstudy.rewrite=true}.
 */
class TimingPageTest {

    private static final Path PAGE = Path.of("..", "docs", "timing.md");

    @Test
    void showsWhatTheCodeComputes() throws IOException {
        String page = Files.readString(PAGE);
        String expected = page;
        expected = replace(expected, "timers", timers());
        expected = replace(expected, "outages-fast", outages(Timers.FAST));
        expected = replace(expected, "outages-classic", outages(Timers.CLASSIC));
        expected = replace(expected, "terms", terms());
        expected = replace(expected, "settling", settling());
        if (Boolean.getBoolean("understudy.rewrite")) {
            Files.writeString(PAGE, expected);
        } else {
            assertEquals(expected, page, "docs/timing.md is stale: see this test's comment");
        }
    }

    @Test
    void meetsTheAims() {
        assertTrue(expected(Fault.KILLED_WITH_PROOF).toMillis() < 1000);
        assertTrue(expected(Fault.HANGS).toMillis() < 2000);
        assertTrue(expected(Fault.HOST_LOST).toMillis() < 4000);
        assertTrue(expected(Fault.SWITCHOVER).toMillis() < 1000);
        assertTrue(expected(Fault.STANDBY_LOST).toMillis() < 2000);
        assertEquals(0, Outage.of(Fault.WITNESS_LOST, Timers.FAST).worstTotal().toMillis());
    }

    private static Duration expected(Fault fault) {
        return Outage.of(fault, Timers.FAST).expectedTotal();
    }

    private static String replace(String page, String name, String table) {
        String begin = "<!-- computed: " + name + " -->\n";
        String end = "<!-- end -->";
        int from = page.indexOf(begin);
        assertTrue(from >= 0, () -> "no mark " + begin);
        int to = page.indexOf(end, from);
        return page.substring(0, from + begin.length()) + table + page.substring(to);
    }

    private static String timers() {
        StringBuilder table =
                new StringBuilder(
                        "| timer | fast | classic | from | to |\n|---|---|---|---|---|\n");
        for (Timer timer : Timer.values()) {
            table.append(
                    "| `%s` | %s | %s | %s | %s |%n"
                            .formatted(
                                    timer.key(),
                                    text(timer.in(Timers.FAST)),
                                    text(timer.in(Timers.CLASSIC)),
                                    text(timer.least()),
                                    text(timer.most())));
        }
        table.append(
                String.format(
                        Locale.ROOT,
                        "| `%s` | %s | %s | %s | %s |%n",
                        Timer.CHALLENGE_FACTOR,
                        Timers.FAST.challengeFactor(),
                        Timers.CLASSIC.challengeFactor(),
                        TimerArithmetic.LEAST_CHALLENGE_FACTOR,
                        TimerArithmetic.MOST_CHALLENGE_FACTOR));
        return table.toString();
    }

    private static String outages(Timers timers) {
        StringBuilder table = new StringBuilder("| fault | expected | worst |\n|---|---|---|\n");
        for (Fault fault : Fault.values()) {
            Outage outage = Outage.of(fault, timers);
            table.append(
                    "| %s | %s | %s |%n"
                            .formatted(
                                    fault.words(),
                                    seconds(outage.expectedTotal()),
                                    seconds(outage.worstTotal())));
        }
        return table.toString();
    }

    private static String terms() {
        StringBuilder list = new StringBuilder();
        for (Fault fault : Fault.values()) {
            Outage outage = Outage.of(fault, Timers.FAST);
            list.append("- **%s**%n".formatted(fault.words()));
            list.append(
                    "  expected: %s%n".formatted(sum(outage.expected(), outage.expectedTotal())));
            list.append("  worst: %s%n".formatted(sum(outage.worst(), outage.worstTotal())));
        }
        return list.toString();
    }

    private static String settling() {
        return sum(Outage.settling(Timers.FAST), Outage.settlesWithin(Timers.FAST)) + "\n";
    }

    private static String sum(List<Term> terms, Duration total) {
        return terms.isEmpty()
                ? "nothing"
                : terms.stream()
                                .map(t -> t.name() + " " + text(t.duration()))
                                .collect(Collectors.joining(" + "))
                        + " = "
                        + seconds(total);
    }

    private static String text(Duration duration) {
        return DurationText.format(duration);
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.2f s", duration.toMillis() / 1000.0);
    }
}
