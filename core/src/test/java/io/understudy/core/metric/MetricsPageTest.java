package io.understudy.core.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The table of docs/reference/metrics.md is that of the code. To write it anew: {@code mvn -pl core
 * test -Dtest=MetricsPageTest -DargLine=-Dunderstudy.rewrite=true}.
 */
class MetricsPageTest {

    private static final Path PAGE = Path.of("..", "docs", "reference", "metrics.md");
    private static final Path BOARD = Path.of("..", "config", "grafana", "understudy.json");
    private static final String BEGIN = "<!-- computed: metrics -->\n";

    @Test
    void thePageListsEveryMetric() throws IOException {
        String page = Files.readString(PAGE);
        int from = page.indexOf(BEGIN) + BEGIN.length();
        String expected =
                page.substring(0, from) + table() + page.substring(page.indexOf("<!-- end -->"));
        if (Boolean.getBoolean("understudy.rewrite")) {
            Files.writeString(PAGE, expected);
        } else {
            assertEquals(expected, page, PAGE + " is stale: see this test's comment");
        }
    }

    private static String table() {
        StringBuilder table =
                new StringBuilder(
                        "| metric | type | unit | tags | tells |\n|---|---|---|---|---|\n");
        for (Metric metric : Metric.values()) {
            table.append(
                    "| `%s` | %s | %s | %s | %s |%n"
                            .formatted(
                                    metric.metricName(),
                                    metric.kind().name().toLowerCase(Locale.ROOT),
                                    metric.unit(),
                                    metric.tags().isEmpty()
                                            ? "-"
                                            : metric.tags().stream()
                                                    .map(t -> "`" + t + "`")
                                                    .collect(Collectors.joining(", ")),
                                    metric.meaning()));
        }
        return table.toString();
    }

    @Test
    void theBoardUsesWhatThereIsAndShowsAllOfIt() throws IOException {
        Set<String> known =
                Arrays.stream(Metric.values()).map(Metric::metricName).collect(Collectors.toSet());
        JsonNode board = new ObjectMapper().readTree(Files.readString(BOARD));
        Set<String> used = new TreeSet<>();
        for (JsonNode panel : board.get("panels")) {
            for (JsonNode target : panel.get("targets")) {
                names(target.get("expr").asText(), used);
            }
        }
        names(board.get("templating").toString(), used);
        assertEquals(new TreeSet<>(known), used);
    }

    private static void names(String text, Set<String> names) {
        Matcher name = Pattern.compile("understudy_[a-z_]+").matcher(text);
        while (name.find()) {
            names.add(name.group());
        }
    }

    @Test
    void theNamesFollowTheCustoms() {
        for (Metric metric : Metric.values()) {
            String name = metric.metricName();
            assertTrue(name.matches("understudy_[a-z]+(_[a-z]+)*"), name);
            assertEquals(metric.kind() == Metric.Kind.COUNTER, name.endsWith("_total"), name);
            for (String unit : List.of("seconds", "bytes", "percent")) {
                assertEquals(metric.unit().equals(unit), name.endsWith("_" + unit), name);
            }
        }
        assertThrows(IllegalArgumentException.class, () -> Sample.of(Metric.ACTIVE, true));
    }
}
