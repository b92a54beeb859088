package io.understudy.cli.show;

import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.text.Times;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.util.List;
import picocli.CommandLine.Option;

/** Which events are wanted; all that is given must hold. */
final class EventFilterOptions {

    @Option(names = "--instance", paramLabel = "NAME", split = ",")
    private List<String> instances = List.of();

    @Option(names = "--node", paramLabel = "NAME", split = ",")
    private List<String> nodes = List.of();

    @Option(names = "--code", paramLabel = "CODE", split = ",")
    private List<String> codes = List.of();

    @Option(names = "--severity", paramLabel = "WORD", split = ",")
    private List<String> severities = List.of();

    @Option(names = "--since", paramLabel = "TIME")
    private String since;

    @Option(names = "--until", paramLabel = "TIME")
    private String until;

    @Option(names = "--grep", paramLabel = "TEXT")
    private String text;

    /** Returns the query's part that says so, empty or beginning with an ampersand. */
    String query(Console console) {
        StringBuilder query = new StringBuilder();
        add(query, "instance", String.join(",", instances));
        add(query, "node", String.join(",", nodes));
        add(query, "code", String.join(",", codes));
        add(query, "severity", String.join(",", severities));
        add(query, "since", time(since, console));
        add(query, "until", time(until, console));
        add(query, "text", text);
        return query.toString();
    }

    private static String time(String given, Console console) {
        try {
            return given == null ? null : Times.parse(given, ZonedDateTime.now()).toString();
        } catch (IllegalArgumentException e) {
            throw console.failure(ExitCode.USAGE, "events.bad-time", given);
        }
    }

    private static void add(StringBuilder query, String name, String value) {
        if (value != null && !value.isEmpty()) {
            query.append('&')
                    .append(name)
                    .append('=')
                    .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }
}
