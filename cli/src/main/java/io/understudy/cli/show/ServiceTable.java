package io.understudy.cli.show;

import static io.understudy.cli.text.Columns.fit;
import static io.understudy.cli.text.Columns.right;

import io.understudy.cli.text.Durations;
import io.understudy.core.view.ClusterView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The services of an instance, a line for each on each node; if asked for, a line of figures. */
final class ServiceTable {

    private static final int WIDTH = 80;

    private ServiceTable() {}

    /**
     * @param figures whether to say, too, how each is started, since when it runs, what it uses
     */
    static List<String> lines(
            List<ClusterView.Service> services, boolean figures, Words words, Style style) {
        List<String> lines = new ArrayList<>();
        if (services.isEmpty()) {
            return lines;
        }
        lines.add(
                style.faint(
                        "    "
                                + fit(words.text("status.service"), 18)
                                + fit(words.text("status.node"), 14)
                                + fit(words.text("status.condition"), 24)
                                + right(words.text("status.pid"), 8)
                                + right(words.text("status.restarts"), 12)));
        for (ClusterView.Service service : services) {
            lines.add(
                    "    "
                            + fit(service.name() + (service.critical() ? "" : " *"), 17)
                            + " "
                            + fit(service.node(), 13)
                            + " "
                            + paint(service, style).apply(fit(condition(service, words), 24))
                            + right(
                                    Optional.ofNullable(service.pid())
                                            .map(String::valueOf)
                                            .orElse("-"),
                                    8)
                            + right(Integer.toString(service.restarts()), 12));
            if (figures) {
                add(lines, String.join(", ", figures(service, words)), style::faint);
            }
            if (!service.byHand()) {
                add(lines, service.problem(), style::warning);
            }
        }
        return lines;
    }

    private static String condition(ClusterView.Service service, Words words) {
        return words.of("condition", service.byHand() ? "STOPPED_BY_HAND" : service.condition());
    }

    private static List<String> figures(ClusterView.Service service, Words words) {
        List<String> parts = new ArrayList<>();
        if (service.mode() != null) {
            parts.add(words.text("status.use-mode", words.of("mode", service.mode())));
        }
        ClusterView.Use use = service.use();
        if (use == null) {
            return parts;
        }
        if (use.started() != null) {
            parts.add(words.text("status.use-started", LocalTimes.show(use.started())));
        }
        if (use.cpuPercent() != null) {
            parts.add(words.text("status.use-cpu", decimal(use.cpuPercent())));
        }
        if (use.memoryBytes() != null) {
            parts.add(words.text("status.use-memory", Bytes.show(use.memoryBytes())));
        }
        if (use.usedPercent() != null) {
            parts.add(words.text("status.use-used", use.usedPercent()));
        }
        if (use.latencyMillis() != null) {
            parts.add(
                    words.text(
                            "status.use-latency",
                            Durations.show(Math.round(Math.max(1, use.latencyMillis())))));
        }
        return parts;
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static UnaryOperator<String> paint(ClusterView.Service service, Style style) {
        return switch (String.valueOf(service.condition())) {
            case "RUNNING" -> style::good;
            case "STOPPED" -> service.byHand() ? style::warning : style::faint;
            case "FAILED" -> style::bad;
            default -> style::warning;
        };
    }

    private static void add(List<String> lines, String text, UnaryOperator<String> paint) {
        if (text != null && !text.isEmpty()) {
            for (String part : Wrapping.wrap(text, WIDTH - 6)) {
                lines.add("      " + paint.apply(part));
            }
        }
    }
}
