package io.understudy.ejb.recovery;

import io.understudy.cluster.configuration.Document;
import io.understudy.core.config.Change;
import io.understudy.core.config.GroupConfiguration;
import io.understudy.core.config.GroupFile;
import io.understudy.ejb.control.ErrorCode;
import io.understudy.ejb.control.RefusedException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The last configurations that were in force while this node ran: whoever comes second with a
 * change is told who changed what since the version that he saw.
 */
final class PastConfigurations {

    private static final int KEPT = 32;
    private static final int LINES = 12;

    private final Deque<Document> kept = new ArrayDeque<>();
    private final Function<String, List<GroupConfiguration>> groups;

    /**
     * @param groups reads a document; nothing where it cannot be read
     */
    PastConfigurations(Function<String, List<GroupConfiguration>> groups) {
        this.groups = groups;
    }

    synchronized void keep(Document document) {
        kept.addLast(document);
        if (kept.size() > KEPT) {
            kept.removeFirst();
        }
    }

    /**
     * Returns the refusal of a change that was made from a version no longer in force.
     *
     * @param seen the version it was made from
     * @param now what is in force
     */
    synchronized RefusedException changed(String seen, Optional<Document> now) {
        String version = now.map(d -> d.version().toString()).orElse("0.0");
        StringBuilder message = new StringBuilder();
        message.append("Configuration ").append(version).append(" is in force, not ").append(seen);
        now.ifPresent(
                d ->
                        message.append("; ")
                                .append(d.author())
                                .append(" applied it on ")
                                .append(d.node())
                                .append(" at ")
                                .append(d.time()));
        now.ifPresent(d -> message.append(since(seen, d)));
        return new RefusedException(
                ErrorCode.CONFIGURATION_CHANGED, message.append('.').toString());
    }

    private String since(String seen, Document now) {
        boolean first = seen.equals("0.0");
        Optional<Document> old =
                kept.stream().filter(d -> d.version().toString().equals(seen)).findFirst();
        if (!first && old.isEmpty()) {
            return "";
        }
        List<GroupConfiguration> before =
                old.map(d -> groups.apply(d.text())).orElse(List.<GroupConfiguration>of());
        List<String> lines =
                GroupFile.diff(before, groups.apply(now.text())).stream()
                        .map(Change::line)
                        .toList();
        String shown = lines.stream().limit(LINES).collect(Collectors.joining("; "));
        return ". Changed since: "
                + shown
                + (lines.size() > LINES ? " and " + (lines.size() - LINES) + " more" : "");
    }
}
