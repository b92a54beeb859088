package io.understudy.cli.show;

import static io.understudy.cli.text.Columns.fit;
import static io.understudy.cli.text.Columns.width;

import io.understudy.cli.Console;
import io.understudy.cli.text.Durations;
import io.understudy.core.info.HaInfo;
import io.understudy.core.view.InfoView;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a node says of itself, a line for each field, in 80 columns. */
final class InfoScreen {

    private static final int WIDTH = 80;
    private static final int LABEL = 34;

    /**
     * Fields whose values are names that every face translates: which family. The state is not
     * among them: operators of health-monitor pairs know it by its name.
     */
    private static final Map<String, String> WORDS =
            Map.of(
                    "server-role",
                    "memberrole",
                    "failover-type",
                    "mode",
                    "failback-type",
                    "mode",
                    HaInfo.HEARTBEAT,
                    "info.value",
                    "direct-connect",
                    "info.value",
                    "admin-status",
                    "info.value",
                    "operation-status",
                    "condition");

    private final Words words;
    private final Style style;
    private final List<String> lines = new ArrayList<>();

    private InfoScreen(Console console) {
        this.words = new Words(console.messages());
        this.style = Style.of(console);
    }

    static List<String> lines(InfoView info, boolean running, Console console) {
        InfoScreen screen = new InfoScreen(console);
        screen.head(info, running);
        for (InfoView.Section section : info.sections()) {
            screen.section(section, running);
        }
        return screen.lines;
    }

    private void head(InfoView info, boolean running) {
        String saved = LocalTimes.show(info.time());
        String text =
                running
                        ? words.text("info.running", info.node())
                        : words.text("info.saved", info.node(), saved, age(info.time()));
        for (String part : Wrapping.wrap(text, WIDTH)) {
            lines.add(running ? style.good(part) : style.warning(part));
        }
        if (running && info.dormant()) {
            Wrapping.wrap(words.text("info.dormant"), WIDTH).forEach(lines::add);
        }
    }

    private static String age(String time) {
        Duration age = Duration.between(OffsetDateTime.parse(time), OffsetDateTime.now());
        return Durations.show(Math.max(0, age.toMillis()));
    }

    private void section(InfoView.Section section, boolean running) {
        lines.add("");
        String title = words.text("info.section." + section.name());
        lines.add(style.strong(section.number() > 0 ? title + " " + section.number() : title));
        for (InfoView.Field field : section.fields()) {
            if (running || !field.key().equals(HaInfo.HEARTBEAT)) {
                boolean last = !running && field.key().equals(HaInfo.CURRENT_STATE);
                field(last ? HaInfo.LAST_STATE : field.key(), field.value());
            }
        }
    }

    private void field(String key, String value) {
        String family = WORDS.get(key);
        String shown =
                value == null
                        ? words.text("info.not-applicable")
                        : family == null ? value : words.of(family, value);
        String label = "  " + words.text("info." + key) + ": ";
        int indent = Math.max(LABEL, width(label));
        List<String> parts = Wrapping.wrap(shown, Math.max(20, WIDTH - indent));
        for (int i = 0; i < parts.size(); i++) {
            String part = value == null ? style.faint(parts.get(i)) : parts.get(i);
            lines.add((i == 0 ? fit(label, indent) : " ".repeat(indent)) + part);
        }
    }
}
