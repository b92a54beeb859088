package io.understudy.cli.show;

import io.understudy.cli.Console;
import io.understudy.cli.text.Columns;
import io.understudy.core.view.EventView;

/** An event as a line: number, local time, severity, node, sentence. */
final class EventLine {

    private EventLine() {}

    static String of(EventView event, Console console) {
        String severity = String.valueOf(event.severity());
        String mark =
                switch (severity) {
                    case "ALARM" -> "!!";
                    case "WARNING" -> " !";
                    default -> "  ";
                };
        return String.join(
                " ",
                Columns.right(Long.toString(event.number()), 5),
                LocalTimes.showMillis(event.time()),
                Style.of(console).severity(severity, mark),
                Columns.fit(event.node() == null ? "-" : event.node(), 10),
                new Words(console.messages()).event(event));
    }
}
