package io.understudy.ejb.recovery;

import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.peer.PeerFacts;
import io.understudy.core.recovery.Effect;
import io.understudy.core.text.Messages;
import io.understudy.core.view.EventView;
import io.understudy.ejb.database.StandbyResult;
import java.nio.file.Path;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What happened, in the event log that all members share. */
final class Happenings implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Happenings.class.getName());
    private static final int KEPT = 10_000;

    private final NodeConfiguration node;
    private final Clock wall;
    private final Messages words = Messages.in(Locale.ENGLISH);
    private final Deque<EventView> kept = new ArrayDeque<>();
    private long last;

    private Happenings(NodeConfiguration node, Clock wall) {
        this.node = node;
        this.wall = wall;
    }

    static Happenings open(
            NodeConfiguration node,
            Path data,
            PeerServer server,
            PeerClient client,
            Clock wall,
            Consumer<String> alarm) {
        return new Happenings(node, wall);
    }

    void tell(InstanceName instance, Effect.Tell tell) {
        append(
                Optional.of(instance),
                tell.code().name(),
                tell.code().severity().name(),
                tell.details());
    }

    void contact(PeerFacts facts) {
        String severity = facts.contact().name().equals("HEARD") ? "INFO" : "WARNING";
        append(
                Optional.empty(),
                "PEER_" + facts.contact().name(),
                severity,
                Map.of("node", node.name().value(), "peer", facts.name().value()));
    }

    void copied(InstanceName instance, String database, StandbyResult result) {
        result.aside()
                .ifPresent(
                        path ->
                                append(
                                        Optional.of(instance),
                                        "COPY_SET_ASIDE",
                                        "WARNING",
                                        Map.of(
                                                "node", node.name().value(),
                                                "database", database,
                                                "path", path)));
    }

    void stopping() {
        append(Optional.empty(), "NODE_STOPPED", "INFO", Map.of("node", node.name().value()));
    }

    void started(String version) {
        append(
                Optional.empty(),
                "NODE_STARTED",
                "INFO",
                Map.of("node", node.name().value(), "version", version));
    }

    void asked(InstanceName instance, String operation, String by, String comment) {
        append(
                Optional.of(instance),
                "OPERATOR_REQUEST",
                "INFO",
                Map.of("by", by, "operation", operation, "comment", comment));
    }

    void configured(String version, String by) {
        append(
                Optional.empty(),
                "CONFIGURATION_CHANGED",
                "INFO",
                Map.of("version", version, "by", by));
    }

    private synchronized void append(
            Optional<InstanceName> instance,
            String code,
            String severity,
            Map<String, String> details) {
        String sentence = words.event(code, instance, details);
        LOG.log(
                severity.equals("INFO") ? System.Logger.Level.INFO : System.Logger.Level.WARNING,
                sentence);
        kept.add(
                new EventView(
                        ++last,
                        OffsetDateTime.now(wall).truncatedTo(ChronoUnit.MILLIS).toString(),
                        node.name().value(),
                        instance.map(InstanceName::value).orElse(null),
                        severity,
                        code,
                        details,
                        sentence));
        while (kept.size() > KEPT) {
            kept.poll();
        }
    }

    synchronized List<EventView> after(long number, int limit) {
        return kept.stream().filter(e -> e.number() > number).limit(limit).toList();
    }

    synchronized long last() {
        return last;
    }

    @Override
    public void close() {
        // Nothing is held open.
    }
}
