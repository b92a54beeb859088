package io.understudy.cli.show;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.understudy.cli.Terminal;
import io.understudy.core.view.ClusterView;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PathLinesTest {

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();

    private static List<String> shown(String paths) throws Exception {
        String view =
                """
                {"cluster": "campus", "node": "alpha", "version": "1", "redundant": true,
                 "time": "2026-11-20T09:00:00Z", "groups": [],
                 "members": [{"name": "beta", "role": "SECONDARY", "address": "10.77.0.2",
                  "contact": "HEARD", "meanResponseMillis": 0.8, "jitterMillis": 0.2,
                  "version": "1", "paths": %s}]}
                """
                        .formatted(paths);
        return lines(JSON.readValue(view, ClusterView.class));
    }

    private static List<String> lines(ClusterView view) {
        List<String> lines =
                StatusScreen.lines(view, new Terminal(Map.of(), Locale.ROOT).console());
        lines.forEach(line -> assertTrue(line.length() <= 80, line));
        return lines.stream().map(line -> line.strip().replaceAll(" +", " ")).toList();
    }

    private static String path(String name, String address, String state, String figures) {
        return "{\"path\": \"%s\", \"address\": \"%s\", \"state\": \"%s\", \"sinceMillis\": 5000%s}"
                .formatted(name, address, state, figures);
    }

    private static final String FIGURES = ", \"meanResponseMillis\": 0.3, \"jitterMillis\": 0.1";

    @Test
    void theDirectLinkHasALineWithItsFigures() throws Exception {
        List<String> lines =
                shown(
                        "["
                                + path("MAIN", "10.77.0.2", "UP", FIGURES)
                                + ","
                                + path("DIRECT", "10.78.0.2", "UP", FIGURES)
                                + "]");
        assertTrue(lines.contains("Direct link 10.78.0.2 Up 0.3 ms 0.1 ms"), lines::toString);
        assertEquals(0, lines.stream().filter(l -> l.startsWith("Network")).count());
    }

    @Test
    void aPathThatIsLostSaysSinceWhenAndWhatToDo() throws Exception {
        List<String> lines =
                shown(
                        "["
                                + path("MAIN", "10.77.0.2", "LOST", "")
                                + ","
                                + path("DIRECT", "fd00:1234:5678:9abc::2", "LOST", "")
                                + "]");
        String all = String.join(" ", lines);
        assertTrue(all.contains("Network 10.77.0.2 Lost 5.0 s"), all);
        assertTrue(all.contains("Leases and clients need the other network"), all);
        assertTrue(all.contains("The direct link is lost"), all);
    }

    @Test
    void withoutALinkThereIsNothingToSay() throws Exception {
        assertEquals(shown("[]"), shown("null"));
    }
}
