package io.understudy.cli.explain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.remote.NodeClient;
import io.understudy.cli.remote.NodeOptions;
import io.understudy.core.explain.Story;
import io.understudy.core.record.Recorded;
import io.understudy.core.view.ClusterView;
import io.understudy.core.view.DecisionsView;
import io.understudy.core.view.ExplanationView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code understudy explain}: what is the matter with an instance and why what does not happen does
 * not; with a time, what was decided around it, by the records of both nodes.
 */
@Command(name = "explain")
public final class ExplainCommand implements Callable<Integer> {

    private static final ObjectMapper LINES = new ObjectMapper();

    private final Console console;

    @Mixin private NodeOptions node;

    @Parameters(paramLabel = "INSTANCE", arity = "0..1", descriptionKey = "INSTANCE")
    private String instance;

    @Option(names = "--at", paramLabel = "TIME")
    private String at;

    @Option(names = "--around", paramLabel = "SECONDS", defaultValue = "30")
    private int around;

    @Option(names = "--export", paramLabel = "FILE")
    private Path export;

    /**
     * @param console where it explains
     */
    public ExplainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        NodeClient client = node.client(console);
        boolean past = at != null || export != null;
        boolean first = true;
        for (String one : instances(client)) {
            if (!first) {
                console.out().println();
            }
            first = false;
            if (past) {
                story(client, one);
            } else {
                now(client, one);
            }
        }
        console.out().flush();
        return ExitCode.DONE;
    }

    private List<String> instances(NodeClient client) {
        if (instance != null) {
            return List.of(instance);
        }
        List<String> all = new ArrayList<>();
        client.as(client.get("/api/v1/cluster"), ClusterView.class)
                .groups()
                .forEach(g -> g.instances().forEach(i -> all.add(i.name())));
        if (all.isEmpty()) {
            console.say("status.no-groups");
        }
        if (export != null && all.size() > 1) {
            throw console.failure(ExitCode.USAGE, "explain.which-instance", String.join(", ", all));
        }
        return all;
    }

    private void now(NodeClient client, String one) {
        JsonNode answer = client.get("/api/v1/instances/" + one + "/explanation");
        if (node.json()) {
            console.out().println(answer.toPrettyString());
            return;
        }
        ExplanationScreen screen = new ExplanationScreen(console);
        screen.show(client.as(answer, ExplanationView.class));
        screen.lines().forEach(console.out()::println);
    }

    private void story(NodeClient client, String one) {
        Instant time = at == null ? Instant.now() : time();
        Instant from = time.minus(Duration.ofSeconds(around));
        Instant to = time.plus(Duration.ofSeconds(around));
        JsonNode answer =
                client.get("/api/v1/instances/" + one + "/decisions?from=" + from + "&to=" + to);
        DecisionsView view = client.as(answer, DecisionsView.class);
        if (export != null) {
            export(one, time, view);
            return;
        }
        if (node.json()) {
            console.out().println(answer.toPrettyString());
            return;
        }
        List<Recorded> lines = lines(view);
        if (lines.isEmpty()) {
            throw console.failure(ExitCode.FAILED, "explain.nothing-kept", one, time);
        }
        ExplanationScreen screen = new ExplanationScreen(console);
        screen.story(Story.tell(lines, from, to));
        screen.lines().add("");
        screen.lines().add(console.messages().text("explain.then", time));
        Story.at(lines, time).forEach(screen::node);
        screen.lines().forEach(console.out()::println);
    }

    private List<Recorded> lines(DecisionsView view) {
        List<Recorded> lines = new ArrayList<>();
        for (DecisionsView.OfNode of : view.nodes()) {
            if (!of.answered()) {
                console.say("explain.no-records", of.node());
            } else if (!of.complete()) {
                console.say("explain.incomplete", of.node());
            }
            for (Map<String, Object> line : of.lines()) {
                try {
                    lines.add(Recorded.of(line));
                } catch (IllegalArgumentException e) {
                    console.say("replay.bad-line", lines.size() + 1, e.getMessage());
                }
            }
        }
        return lines;
    }

    /**
     * A file that {@code replay} and the core's tests read: a line about it, then the decisions.
     */
    private void export(String one, Instant time, DecisionsView view) {
        List<String> text = new ArrayList<>();
        Map<String, Object> head = new LinkedHashMap<>();
        head.put("scenario", one + " at " + time);
        head.put("instance", one);
        head.put("at", time.toString());
        try {
            text.add(LINES.writeValueAsString(head));
            for (DecisionsView.OfNode of : view.nodes()) {
                Object last = null;
                for (Map<String, Object> line : of.lines()) {
                    text.add(LINES.writeValueAsString(goingOn(last, line)));
                    last = line.get("number");
                }
            }
            if (text.size() == 1) {
                throw console.failure(ExitCode.FAILED, "explain.nothing-kept", one, time);
            }
            Files.write(export, text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("read as JSON and not writable as JSON", e);
        } catch (IOException e) {
            throw console.failure(ExitCode.FAILED, "explain.not-written", export, e.getMessage());
        }
        console.say("explain.exported", text.size() - 1, export);
    }

    /** Without the whole situation where the line before leads to it: it is in there once. */
    private static Map<String, Object> goingOn(Object last, Map<String, Object> line) {
        Map<String, Object> shown = new LinkedHashMap<>(line);
        if (last instanceof Number n
                && line.get("number") instanceof Number now
                && now.longValue() == n.longValue() + 1) {
            shown.remove("before");
            shown.remove("settings");
        }
        return shown;
    }

    /** A time of today, a local time with its date, or one with an offset. */
    private Instant time() {
        ZoneId here = ZoneId.systemDefault();
        try {
            if (at.matches("[0-9:.]+")) {
                return LocalTime.parse(at).atDate(LocalDate.now(here)).atZone(here).toInstant();
            }
            String iso = at.replace(' ', 'T');
            return iso.matches(".*(Z|[+-][0-9]{2}:?[0-9]{2})")
                    ? OffsetDateTime.parse(iso).toInstant()
                    : LocalDateTime.parse(iso).atZone(here).toInstant();
        } catch (DateTimeException e) {
            throw console.failure(ExitCode.USAGE, "explain.bad-time", at);
        }
    }
}
