package io.understudy.cli.show;

import static io.understudy.cli.text.Columns.fit;
import static io.understudy.cli.text.Columns.right;

import io.understudy.cli.text.Durations;
import io.understudy.core.view.ClusterView;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The databases of an instance, a line for each node's copy. */
final class DatabaseTable {

    private static final int WIDTH = 80;

    private DatabaseTable() {}

    static List<String> lines(List<ClusterView.Database> databases, Words words, Style style) {
        List<String> lines = new ArrayList<>();
        if (databases.isEmpty()) {
            return lines;
        }
        lines.add(
                style.faint(
                        "    "
                                + fit(words.text("status.database"), 18)
                                + fit(words.text("status.node"), 14)
                                + fit(words.text("status.db-role"), 16)
                                + fit(words.text("status.replication"), 16)
                                + right(words.text("status.lag"), 12)));
        for (ClusterView.Database database : databases) {
            lines.add(
                    "    "
                            + fit(database.name(), 17)
                            + " "
                            + fit(database.node(), 13)
                            + " "
                            + paint(database.role(), style)
                                    .apply(fit(words.of("role", database.role()), 16))
                            + fit(replication(database, words), 15)
                            + " "
                            + right(Bytes.show(database.lagBytes()), 12));
            if (database.resyncPercent() != null) {
                add(lines, 6, progress(database, words), style::warning);
            }
            add(lines, 6, database.problem(), style::warning);
        }
        return lines;
    }

    private static String replication(ClusterView.Database database, Words words) {
        if (!"PRIMARY".equals(database.role())) {
            return "-";
        }
        return database.standbyAttached()
                ? words.of("replication", database.replication())
                : words.text("status.alone");
    }

    private static String progress(ClusterView.Database database, Words words) {
        int percent = Math.max(0, Math.min(100, database.resyncPercent()));
        int done = percent * 30 / 100;
        String left =
                database.resyncLeftSeconds() == null
                        ? ""
                        : words.text(
                                "status.resync-left",
                                Durations.show(database.resyncLeftSeconds() * 1000));
        return words.text(
                "status.resync",
                "[" + "#".repeat(done) + ".".repeat(30 - done) + "] " + percent + " %",
                left);
    }

    private static UnaryOperator<String> paint(String role, Style style) {
        return switch (String.valueOf(role)) {
            case "PRIMARY", "STANDBY" -> style::good;
            case "STOPPED" -> style::faint;
            case "FAILED" -> style::bad;
            default -> style::warning;
        };
    }

    private static void add(
            List<String> lines, int indent, String text, UnaryOperator<String> paint) {
        if (text != null && !text.isEmpty()) {
            for (String part : Wrapping.wrap(text, WIDTH - indent)) {
                lines.add(" ".repeat(indent) + paint.apply(part));
            }
        }
    }
}
