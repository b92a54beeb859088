package io.understudy.cli.demo;

import io.understudy.cli.text.Messages;
import io.understudy.core.view.ClusterView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What to look at and what to try, with the process numbers of the moment. */
final class Hints {

    private final Demo demo;
    private final Messages messages;
    private final boolean ownService;

    Hints(Demo demo, Messages messages, boolean ownService) {
        this.demo = demo;
        this.messages = messages;
        this.ownService = ownService;
    }

    /** Returns where to look. */
    List<String> look() {
        DemoLayout layout = demo.layout();
        List<String> lines = new ArrayList<>();
        lines.add(messages.text("demo.look"));
        for (String node : DemoLayout.NODES) {
            lines.add("  " + node + "  " + layout.url(node) + "/  " + layout.token(node));
        }
        lines.add("  understudy status --watch      understudy events --follow");
        return lines;
    }

    /** Returns what to try now. */
    List<String> attempts(ClusterView view) {
        DemoLayout layout = demo.layout();
        String active = active(view);
        String server = demo.member(active).serverProcess().map(String::valueOf).orElse("?");
        List<String> lines = new ArrayList<>();
        lines.add(messages.text("demo.try"));
        if (ownService) {
            lines.add(row("demo.try.write", "curl -d hello " + layout.serviceUrl() + "/tickets"));
            lines.add(row("demo.try.count", "curl " + layout.serviceUrl() + "/tickets"));
        }
        lines.add(row("demo.try.kill", "kill -9 " + server + database(active)));
        lines.add(
                row("demo.try.hang", "kill -STOP " + server + "; sleep 30; kill -CONT " + server));
        lines.add(row("demo.try.switch", "understudy switchover " + DemoLayout.INSTANCE));
        lines.add(row("demo.try.home", "understudy fallback " + DemoLayout.INSTANCE));
        lines.add(row("demo.try.end", "Ctrl-C"));
        return lines;
    }

    private String row(String key, String command) {
        return "  " + io.understudy.cli.text.Columns.fit(messages.text(key), 24) + " " + command;
    }

    /** Returns the number of the PostgreSQL that runs on {@code node}, after a blank. */
    private String database(String node) {
        Path file = demo.layout().databaseProcess(node);
        try (var lines = Files.lines(file)) {
            return " " + lines.findFirst().orElse("");
        } catch (IOException | java.io.UncheckedIOException none) {
            return "";
        }
    }

    /** Returns the node that serves; the home node while nobody does. */
    static String active(ClusterView view) {
        return view.groups().stream()
                .flatMap(g -> g.instances().stream())
                .map(ClusterView.Instance::active)
                .filter(active -> active != null && DemoLayout.NODES.contains(active))
                .findFirst()
                .orElse(DemoLayout.NODES.get(0));
    }
}
