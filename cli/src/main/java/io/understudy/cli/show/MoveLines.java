package io.understudy.cli.show;

import io.understudy.cli.Console;
import io.understudy.cli.text.Durations;
import io.understudy.core.view.MoveView;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A move for people: what it was, then what each part took, at most 80 columns. */
final class MoveLines {

    private static final int WIDTH = 80;

    private MoveLines() {}

    static List<String> of(MoveView move, Console console) {
        Words words = new Words(console.messages());
        List<String> lines = new ArrayList<>();
        String head = LocalTimes.showMillis(move.time()) + "  " + summary(move, words);
        lines.addAll(Wrapping.wrap(head, WIDTH));
        for (String line : Wrapping.wrap(parts(move, words), WIDTH - 4)) {
            lines.add("    " + line);
        }
        return lines;
    }

    /** Returns what it was and took, in one line. */
    static String summary(MoveView move, Words words) {
        return words.text(
                move.succeeded() ? "moves.line" : "moves.failed",
                move.instance(),
                words.of("movekind", move.kind()),
                move.from(),
                move.to(),
                Durations.show(move.totalMillis()),
                words.of("reason", move.reason()));
    }

    private static String parts(MoveView move, Words words) {
        return move.phases().stream()
                .filter(p -> p.millis() != null)
                .map(p -> words.of("movephase", p.phase()) + " " + p.millis() + " ms")
                .collect(Collectors.joining(", "));
    }
}
