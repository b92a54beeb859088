package io.understudy.cli.explain;

import io.understudy.cli.Console;
import io.understudy.cli.show.Wrapping;
import io.understudy.core.text.Messages;
import io.understudy.core.view.ExplanationView;
import io.understudy.core.view.ExplanationView.NodePart;
import io.understudy.core.view.ExplanationView.Sentence;
import io.understudy.core.view.ExplanationView.StoryLine;
import io.understudy.core.view.ExplanationView.WhyNot;
import io.understudy.core.view.PromotableView;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** An explanation in sentences, in the user's language, none wider than 80 cells. */
final class ExplanationScreen {

    private static final int WIDTH = 80;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

    private final io.understudy.cli.text.Messages own;
    private final Messages shared;
    private final List<String> lines = new ArrayList<>();

    ExplanationScreen(Console console) {
        this.own = console.messages();
        this.shared = Messages.in(console.messages().locale());
    }

    List<String> lines() {
        return lines;
    }

    void show(ExplanationView view) {
        if (view.headline() != null) {
            wrapped(0, 0, said(view.headline().what()));
            Long since = view.headline().sinceMillis();
            labelled("explain.since", since == null ? own.text("explain.unknown") : span(since));
            labelled("explain.why", said(view.headline().why()));
            labelled("explain.next", said(view.headline().next()));
            lines.add("");
        }
        view.facts().forEach(f -> wrapped(0, 0, said(f)));
        view.nodes().forEach(this::node);
    }

    void node(NodePart part) {
        lines.add("");
        lines.add(part.node());
        if (part.promotable() != null && part.answered()) {
            wrapped(2, 2, promotable(part.promotable()));
        }
        part.facts().forEach(f -> wrapped(2, 4, said(f)));
        String action = "";
        for (WhyNot why : part.whyNot()) {
            if (!why.action().equals(action)) {
                action = why.action();
                wrapped(2, 2, own.find("explain." + action).orElse(action));
            }
            wrapped(4, 6, "- " + said(why.because()) + left(why) + rule(why));
        }
    }

    void story(List<StoryLine> story) {
        for (StoryLine line : story) {
            String time = TIME.format(Instant.parse(line.time()).atZone(ZoneId.systemDefault()));
            String what = line.what().stream().map(this::said).collect(Collectors.joining(" "));
            wrapped(0, 13, time + " " + line.node() + ": " + what);
        }
    }

    private String left(WhyNot why) {
        boolean said = why.because().values().containsKey("left") && mentionsLeft(why);
        return why.leftMillis() == null || said
                ? ""
                : " " + own.text("explain.left", span(why.leftMillis()));
    }

    private boolean mentionsLeft(WhyNot why) {
        return shared.text(why.because().key()).contains("{left}");
    }

    private String rule(WhyNot why) {
        if (why.rule() == null) {
            return "";
        }
        String key = "rule." + why.rule();
        boolean numbered = why.rule().matches("[RL][0-9]+");
        String text = shared.has(key) ? shared.text(key) : why.rule();
        return " [" + (numbered ? why.rule() + ": " : "") + text + "]";
    }

    private String promotable(PromotableView p) {
        if (p.serves()) {
            return own.text("explain.serves");
        }
        if (!p.promotable()) {
            return own.text(
                            "explain.promotable-no",
                            p.reasons().stream().map(this::reason).collect(Collectors.joining(" ")))
                    + " "
                    + loss(p);
        }
        return own.text(
                        "explain.promotable-yes",
                        span(p.expectedOutageMillis()),
                        span(p.longestOutageMillis()))
                + " "
                + loss(p);
    }

    private String loss(PromotableView p) {
        if (p.lossless()) {
            return own.text("explain.lossless");
        }
        return own.text(
                "explain.loss",
                p.lossBytes() == null ? own.text("explain.unknown") : p.lossBytes() + " B",
                p.lossSinceMillis() == null
                        ? own.text("explain.unknown")
                        : span(p.lossSinceMillis()));
    }

    private String reason(String name) {
        for (String kind : List.of("obstacle.", "refusal.")) {
            if (shared.has(kind + name)) {
                return shared.text(kind + name);
            }
        }
        return name;
    }

    private String said(Sentence sentence) {
        return shared.has(sentence.key())
                ? shared.text(sentence.key(), sentence.values())
                : sentence.text();
    }

    private void labelled(String key, String text) {
        wrapped(2, 4, own.text(key, text));
    }

    private void wrapped(int first, int rest, String text) {
        int indent = first;
        for (String part : Wrapping.wrap(text, WIDTH - first, WIDTH - rest)) {
            lines.add(" ".repeat(indent) + part);
            indent = rest;
        }
    }

    static String span(Long millis) {
        if (millis == null) {
            return "-";
        }
        if (millis < 1000) {
            return millis + " ms";
        }
        long seconds = millis / 1000;
        if (seconds < 60) {
            return seconds + "." + millis % 1000 / 100 + " s";
        }
        return seconds < 3600
                ? seconds / 60 + " min " + seconds % 60 + " s"
                : seconds / 3600 + " h " + seconds / 60 % 60 + " min";
    }
}
