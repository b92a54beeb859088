package io.understudy.cli.act;

import com.fasterxml.jackson.databind.JsonNode;
import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.remote.NodeClient;
import io.understudy.cli.remote.NodeOptions;
import io.understudy.cli.remote.RestPath;
import io.understudy.cli.show.LocalTimes;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code understudy hold}: maintenance of an instance, with an end. */
@Command(name = "hold")
public final class HoldCommand implements Callable<Integer> {

    private final Console console;

    @Mixin private NodeOptions node;

    @Parameters(index = "0", paramLabel = "INSTANCE", descriptionKey = "INSTANCE")
    private String instance;

    @ArgGroup(multiplicity = "1")
    private End end;

    @Option(names = "--reason", paramLabel = "TEXT", required = true)
    private String reason;

    @Option(names = "--replace")
    private boolean replace;

    /** One of the two. */
    static final class End {
        @Option(names = "--for", paramLabel = "DURATION", required = true)
        private String lasts;

        @Option(names = "--until", paramLabel = "TIME", required = true)
        private String until;
    }

    /**
     * @param console where it tells how it goes
     */
    public HoldCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Map<String, Object> body = new LinkedHashMap<>();
        if (end.lasts != null) {
            body.put("for", end.lasts);
        } else {
            body.put("until", time(end.until).toString());
        }
        body.put("reason", reason);
        body.put("replace", replace);
        NodeClient client = node.client(console);
        JsonNode answer = client.post(path(instance), body);
        if (node.json()) {
            console.out().println(answer.toPrettyString());
            console.out().flush();
        } else {
            console.say("hold.done", instance, LocalTimes.show(answer.get("until").asText()));
        }
        return ExitCode.DONE;
    }

    static String path(String instance) {
        return RestPath.ofInstance(instance) + "/hold";
    }

    /** Reads a time with offset, a local date and time, or a time of the next 24 hours. */
    private OffsetDateTime time(String text) {
        ZoneId here = ZoneId.systemDefault();
        try {
            return OffsetDateTime.parse(text);
        } catch (DateTimeParseException withoutOffset) {
            try {
                return LocalDateTime.parse(text).atZone(here).toOffsetDateTime();
            } catch (DateTimeParseException withoutDate) {
                return next(text, here);
            }
        }
    }

    private OffsetDateTime next(String text, ZoneId here) {
        try {
            LocalDateTime now = LocalDateTime.now(here);
            LocalDateTime today = now.toLocalDate().atTime(LocalTime.parse(text));
            LocalDateTime next = today.isAfter(now) ? today : today.plusDays(1);
            return next.atZone(here).toOffsetDateTime();
        } catch (DateTimeParseException e) {
            throw console.failure(ExitCode.USAGE, "hold.bad-time", text);
        }
    }
}
