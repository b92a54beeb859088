package io.understudy.cli.show;

import static io.understudy.cli.text.Columns.cut;
import static io.understudy.cli.text.Columns.fit;
import static io.understudy.cli.text.Columns.right;
import static io.understudy.cli.text.Columns.width;

import io.understudy.cli.Console;
import io.understudy.cli.text.Durations;
import io.understudy.core.view.ClusterView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The cluster's state on a page of 80 columns. */
public final class StatusScreen {

    private static final int WIDTH = 80;

    private final Words words;
    private final Style style;
    private final boolean figures;
    private final List<String> lines = new ArrayList<>();
    private final Set<String> saidFirst = new HashSet<>();

    private StatusScreen(Console console, boolean figures) {
        this.figures = figures;
        this.words = new Words(console.messages());
        this.style = Style.of(console);
    }

    /** Returns the page's lines, none wider than 80 cells. */
    public static List<String> lines(ClusterView view, Console console) {
        return lines(view, console, false);
    }

    /**
     * Returns the page's lines, none wider than 80 cells.
     *
     * @param figures whether to show how each service is started and what it uses
     */
    static List<String> lines(ClusterView view, Console console, boolean figures) {
        StatusScreen screen = new StatusScreen(console, figures);
        screen.head(view);
        screen.next(view);
        screen.members(view);
        view.groups().forEach(screen::group);
        if (view.groups().isEmpty()) {
            screen.blank();
            screen.line(screen.words.text("status.no-groups"));
        }
        return screen.lines;
    }

    private void head(ClusterView view) {
        String time = LocalTimes.show(view.time());
        String left = words.text("status.head", view.cluster(), view.node(), view.version());
        int room = WIDTH - width(time) - 1;
        lines.add(style.strong(fit(left, room)) + " " + time);
        if (view.redundant()) {
            lines.add(style.good(cut(words.text("status.redundant"), WIDTH)));
        } else {
            String problem =
                    words.text(
                            "status.not-redundant",
                            view.redundancyProblem() == null ? "?" : view.redundancyProblem());
            wrapped(0, problem, style::bad);
        }
    }

    private void next(ClusterView view) {
        Optional<String> next = NextStep.of(view, words);
        if (view.groups().size() == 1) {
            view.groups().get(0).states().stream()
                    .map(s -> words.advice(s.advice()))
                    .filter(a -> next.filter(n -> n.contains(a)).isPresent())
                    .forEach(saidFirst::add);
        }
        if (next.isPresent()) {
            wrapped(0, next.get(), style::warning);
        } else if (view.redundant() && !view.groups().isEmpty()) {
            wrapped(0, words.text("status.next-nothing"), style::good);
        }
    }

    private void members(ClusterView view) {
        blank();
        faint(
                fit(words.text("status.member"), 13)
                        + fit(words.text("status.role"), 11)
                        + fit(words.text("status.address"), 18)
                        + fit(words.text("status.contact"), 18)
                        + right(words.text("status.response"), 10)
                        + right(words.text("status.jitter"), 10));
        boolean some = view.members().stream().anyMatch(ClusterView.Member::voter);
        for (ClusterView.Member member : view.members()) {
            String contact = words.of("contact", member.removed() ? "REMOVED" : member.contact());
            boolean since = member.sinceMillis() != null && !"SELF".equals(member.contact());
            if (since && !member.removed()) {
                contact += " " + Durations.show(member.sinceMillis());
            }
            lines.add(
                    fit(member.name(), 12)
                            + " "
                            + fit(words.of("memberrole", upper(member.role())), 11)
                            + fit(String.valueOf(member.address()), 17)
                            + " "
                            + contactPaint(member).apply(fit(contact, 18))
                            + right(millis(member.meanResponseMillis()), 10)
                            + right(millis(member.jitterMillis()), 10));
            paths(member);
            if (some && member.seat() && !member.voter() && here(member) && !member.removed()) {
                wrapped(13, words.of("contact", "NO_VOTE"), style::warning);
            }
            if (member.version() != null && !member.version().equals(view.version())) {
                wrapped(
                        13,
                        words.text("status.runs", member.version(), view.version()),
                        style::warning);
            }
        }
    }

    /** The direct link always, where there is one; the other network only if it is not well. */
    private void paths(ClusterView.Member member) {
        for (ClusterView.Path path : member.paths()) {
            boolean well = "UP".equals(path.state());
            boolean lost = "LOST".equals(path.state());
            if (well && "MAIN".equals(path.path())) {
                continue;
            }
            String state = words.of("pathstate", path.state());
            if (lost && path.sinceMillis() != null) {
                state += " " + Durations.show(path.sinceMillis());
            }
            UnaryOperator<String> paint = well ? style::good : lost ? style::bad : style::faint;
            lines.add(
                    fit("  " + words.of("path", path.path()), 24)
                            + fit(String.valueOf(path.address()), 17)
                            + " "
                            + paint.apply(fit(state, 18))
                            + right(millis(path.meanResponseMillis()), 10)
                            + right(millis(path.jitterMillis()), 10));
            if (lost) {
                wrapped(2, words.of("pathadvice", path.path()), style::warning);
            }
        }
    }

    private void group(ClusterView.Group group) {
        blank();
        String modes =
                words.text(
                        "status.group",
                        group.name(),
                        words.of("assignment", upper(group.assignment())),
                        words.of("mode", upper(group.failover())),
                        words.of("mode", upper(group.fallback())));
        if ("CONTINUE".equals(group.onQuorumLoss())) {
            modes = words.text("status.group-goes-on", modes);
        }
        lines.add(style.strong(cut(modes, WIDTH)));
        Set<String> said = new HashSet<>(saidFirst);
        for (ClusterView.NodeState state : group.states()) {
            String name = words.of("state", state.state());
            String reason = words.of("reason", state.reason());
            boolean plain = "NORMAL".equals(state.state()) || "UNKNOWN".equals(state.reason());
            lines.add(
                    "  "
                            + fit(state.node(), 12)
                            + " "
                            + statePaint(state.state()).apply(fit(name, 32))
                            + " "
                            + cut(plain ? "" : reason, 32));
            String advice = words.advice(state.advice());
            // One situation has one advice, for both nodes; once on the page is enough.
            if (said.add(advice)) {
                wrapped(15, advice, style::warning);
            }
        }
        Crowd crowd = Crowd.of(group.instances());
        crowd.shown().forEach(this::instance);
        others(crowd);
    }

    private void others(Crowd crowd) {
        if (crowd.others().isEmpty() && crowd.left() == 0) {
            return;
        }
        blank();
        if (crowd.left() > 0) {
            wrapped(2, words.text("status.left", crowd.left()), style::warning);
        }
        crowd.others()
                .forEach(
                        (node, number) ->
                                wrapped(2, words.text("status.others", number, node), style::good));
    }

    private void instance(ClusterView.Instance instance) {
        blank();
        String active =
                instance.active() == null
                        ? words.text("status.nobody", instance.name())
                        : words.text("status.served", instance.name(), instance.active());
        String lease =
                words.text("status.epoch", instance.epoch())
                        + (instance.leaseLeftMillis() == null
                                ? ""
                                : ", "
                                        + words.text(
                                                "status.lease",
                                                Durations.show(instance.leaseLeftMillis())))
                        + (instance.provisional() ? ", " + words.text("status.provisional") : "");
        UnaryOperator<String> paint = instance.active() == null ? style::bad : style::strong;
        int room = Math.max(20, WIDTH - 3 - width(lease));
        lines.add("  " + paint.apply(fit(active, room)) + " " + cut(lease, WIDTH - room - 3));
        if (instance.parked()) {
            wrapped(4, words.text("status.parked"), style::warning);
        }
        if (instance.hold() != null) {
            wrapped(
                    4,
                    words.text(
                            "status.held",
                            instance.hold().by(),
                            Durations.show(instance.hold().leftMillis()),
                            instance.hold().reason()),
                    style::warning);
        }
        if (instance.protection() != null) {
            wrapped(
                    4,
                    words.text(
                            "status.protection",
                            words.of("protection", upper(instance.protection())),
                            join(instance.inSync())),
                    UnaryOperator.identity());
        }
        promotable(instance);
        lines.addAll(AddressLines.lines(instance, words, style));
        if (instance.preview() != null) {
            instance.preview().forEach(s -> wrapped(4, words.sentence(s), style::warning));
        }
        if (instance.lastMove() != null) {
            String last = MoveLines.summary(instance.lastMove(), words);
            String time = LocalTimes.show(instance.lastMove().time());
            wrapped(4, words.text("status.last-move", time, last), style::faint);
        }
        lines.addAll(ServiceTable.lines(instance.services(), figures, words, style));
        lines.addAll(DatabaseTable.lines(instance.databases(), words, style));
    }

    private void promotable(ClusterView.Instance instance) {
        if (instance.promotableNode() == null) {
            return;
        }
        if (instance.promotable()) {
            String yes = words.text("status.promotable", instance.promotableNode());
            wrapped(4, yes + takeover(instance.takeover()), style::good);
        } else {
            wrapped(
                    4,
                    words.text(
                            "status.not-promotable",
                            instance.promotableNode(),
                            obstacles(instance.promotableReasons(), instance.promotableNode())),
                    style::warning);
        }
    }

    private String takeover(ClusterView.Takeover cost) {
        if (cost == null) {
            return "";
        }
        String pause = Durations.show(cost.expectedMillis());
        String longest = Durations.show(cost.longestMillis());
        return " "
                + (cost.lossless()
                        ? words.text("status.takeover", pause, longest)
                        : words.text(
                                "status.takeover-loss",
                                pause,
                                longest,
                                cost.lossBytes() == null ? "?" : cost.lossBytes() + " B"));
    }

    private String obstacles(List<String> names, String node) {
        return names == null || names.isEmpty()
                ? "-"
                : String.join(" ", names.stream().map(n -> words.obstacle(n, node)).toList());
    }

    private static boolean here(ClusterView.Member member) {
        return "SELF".equals(member.contact()) || "HEARD".equals(member.contact());
    }

    private UnaryOperator<String> contactPaint(ClusterView.Member member) {
        if (member.removed()) {
            return style::faint;
        }
        return switch (String.valueOf(member.contact())) {
            case "SELF", "HEARD" -> style::good;
            case "SILENT" -> style::warning;
            default -> style::bad;
        };
    }

    private UnaryOperator<String> statePaint(String state) {
        return switch (String.valueOf(state)) {
            case "NORMAL" -> style::good;
            case "RUNNING_IN_FAILED_MODE", "UNKNOWN" -> style::bad;
            default -> style::warning;
        };
    }

    private void line(String text) {
        lines.add(cut(text, WIDTH));
    }

    private void faint(String text) {
        lines.add(style.faint(cut(text, WIDTH)));
    }

    private void blank() {
        lines.add("");
    }

    private void wrapped(int indent, String text, UnaryOperator<String> paint) {
        if (text != null && !text.isEmpty()) {
            for (String part : Wrapping.wrap(text, WIDTH - indent)) {
                lines.add(" ".repeat(indent) + paint.apply(part));
            }
        }
    }

    private static String millis(Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.1f ms", value);
    }

    private static String upper(String name) {
        return name == null ? null : name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static String join(List<String> names) {
        return names == null || names.isEmpty() ? "-" : String.join(", ", names);
    }
}
