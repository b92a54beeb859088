package io.understudy.cli.explain;

import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.core.record.Recorded;
import io.understudy.core.record.Replay;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code understudy replay}: takes recorded decisions again, offline, and compares. */
@Command(name = "replay")
public final class ReplayCommand implements Callable<Integer> {

    private static final int SHOWN = 20;

    private final Console console;
    private final Replay replay = new Replay();
    private int same;
    private int different;
    private int gaps;
    private int bad;

    @Parameters(paramLabel = "FILE", descriptionKey = "replay.file")
    private Path file;

    @Option(names = "--verbose", descriptionKey = "replay.verbose")
    private boolean verbose;

    /**
     * @param console where it tells how it goes
     */
    public ReplayCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        try {
            DecisionFile.read(file, (line, number) -> again(line, number), this::unreadable);
        } catch (CharacterCodingException e) {
            throw console.failure(ExitCode.FAILED, "replay.nothing", file);
        } catch (IOException e) {
            throw console.failure(ExitCode.FAILED, "replay.unreadable", file, e.getMessage());
        }
        if (same + different == 0) {
            throw console.failure(ExitCode.FAILED, "replay.nothing", file);
        }
        console.say("replay.sum", same + different, same, different, gaps, bad);
        if (different > 0) {
            throw console.failure(ExitCode.FAILED, "replay.differs", different, file);
        }
        return ExitCode.DONE;
    }

    private void unreadable(int number, String problem) {
        if (bad++ < SHOWN) {
            console.say("replay.bad-line", number, problem);
        }
    }

    private void again(Recorded line, int number) {
        Replay.Outcome outcome = replay.next(line);
        switch (outcome.verdict()) {
            case GAP -> gaps++;
            case SAME -> same++;
            case DIFFERENT -> {
                different++;
                if (different <= SHOWN) {
                    differs(outcome, number);
                }
                return;
            }
        }
        if (verbose) {
            console.say(
                    "replay.line",
                    number,
                    line.time(),
                    line.node(),
                    line.instance(),
                    word(line.event().kind().name()),
                    line.phase(),
                    words(line.effects()),
                    console.messages().text("replay." + outcome.verdict().name()));
        }
    }

    private void differs(Replay.Outcome outcome, int number) {
        Recorded line = outcome.line();
        console.say(
                "replay.different",
                number,
                line.time(),
                line.node(),
                line.instance(),
                word(line.event().kind().name()));
        console.say("replay.then", line.phase(), words(line.effects()));
        console.say("replay.now", outcome.phase(), words(outcome.effects()));
        if (!outcome.strayed().isEmpty()) {
            console.say("replay.strayed", String.join(", ", outcome.strayed()));
        }
    }

    private static String word(String name) {
        return name.toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    private static String words(List<Object> effects) {
        return effects.isEmpty()
                ? "-"
                : effects.stream().map(ReplayCommand::words).collect(Collectors.joining("; "));
    }

    private static String words(Object effect) {
        if (effect instanceof Map<?, ?> map) {
            Map<Object, Object> rest = new LinkedHashMap<>(map);
            Object type = rest.remove("type");
            return type + (rest.isEmpty() ? "" : " " + rest);
        }
        return String.valueOf(effect);
    }
}
