package io.understudy.ejb.recovery;

import io.understudy.cluster.events.EventLog;
import io.understudy.core.address.Confirmation;
import io.understudy.core.address.WireReport;
import io.understudy.core.config.InstanceConfiguration;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.hold.Hold;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.move.Move;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.peer.PathFacts;
import io.understudy.core.peer.PathState;
import io.understudy.core.peer.PeerFacts;
import io.understudy.core.recovery.Effect;
import io.understudy.core.text.Messages;
import io.understudy.core.view.EventView;
import io.understudy.ejb.database.StandbyResult;
import io.understudy.ejb.volume.SpaceLevel;
import io.understudy.ejb.volume.VolumeListener;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** What happened, in the event log that all members share. */
final class Happenings implements VolumeListener {

    private static final System.Logger LOG = System.getLogger(Happenings.class.getName());

    private final NodeConfiguration node;
    private final EventLog log;
    private final Set<NodeName> heard = ConcurrentHashMap.newKeySet();
    private final Set<String> lost = ConcurrentHashMap.newKeySet();
    private final Messages words = Messages.in(Locale.ENGLISH);

    Happenings(NodeConfiguration node, EventLog log) {
        this.node = node;
        this.log = log;
    }

    void tell(InstanceName instance, Effect.Tell tell) {
        append(
                Optional.of(instance),
                tell.code().name(),
                tell.code().severity().name(),
                tell.details());
    }

    void moved(Move move) {
        append(
                Optional.of(move.instance()),
                move.succeeded() ? Moves.MOVED : Moves.FAILED,
                move.succeeded() ? "INFO" : "WARNING",
                move.details());
    }

    /**
     * That a peer is silent or gone is news only of one that this node has heard since it began.
     */
    void contact(PeerFacts facts) {
        boolean hears = facts.contact() == Contact.HEARD;
        if (hears) {
            heard.add(facts.name());
        } else if (!heard.contains(facts.name())) {
            return;
        }
        String severity = hears ? "INFO" : "WARNING";
        append(
                Optional.empty(),
                "PEER_" + facts.contact().name(),
                severity,
                Map.of("node", node.name().value(), "peer", facts.name().value()));
    }

    /** That a path carries is news only of one that was lost. */
    void path(NodeName peer, PathFacts path) {
        String which = peer + " " + path.path();
        boolean up = path.state() == PathState.UP;
        boolean news = path.state() == PathState.LOST ? lost.add(which) : up && lost.remove(which);
        if (!news) {
            return;
        }
        append(
                Optional.empty(),
                path.path() + (up ? "_LINK_RETURNED" : "_LINK_LOST"),
                up ? "INFO" : "ALARM",
                Map.of(
                        "node", node.name().value(),
                        "peer", peer.value(),
                        "address", path.address()));
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

    void addressesPossible(InstanceName instance, Optional<String> problem) {
        append(
                Optional.of(instance),
                problem.isPresent() ? "ADDRESSES_IMPOSSIBLE" : "ADDRESSES_POSSIBLE",
                problem.isPresent() ? "ALARM" : "INFO",
                Map.of("node", node.name().value(), "why", problem.orElse("")));
    }

    /** {@code what} is CONFIRMED, ELSEWHERE, UNHEARD or MENDED. */
    void addressReached(
            InstanceName instance, String what, String address, Confirmation finding, long millis) {
        append(
                Optional.of(instance),
                "ADDRESS_" + what,
                what.equals("CONFIRMED") || what.equals("MENDED") ? "INFO" : "ALARM",
                Map.of(
                        "node", node.name().value(),
                        "address", address,
                        "by", finding.by().map(NodeName::value).orElse("-"),
                        "mac", finding.mac().orElse("-"),
                        "millis", Long.toString(millis)));
    }

    /**
     * Another host claims an address that is here.
     *
     * @param member which member that is; null: none that is known
     */
    void addressRival(InstanceName instance, WireReport.Rival rival, String member) {
        append(
                Optional.of(instance),
                member == null ? "ADDRESS_DUPLICATE" : "ADDRESS_DUPLICATE_MEMBER",
                "ALARM",
                Map.of(
                        "node", node.name().value(),
                        "address", rival.address().address().toString(),
                        "mac", rival.mac(),
                        "peer", member == null ? "-" : member,
                        "when", rival.before() ? "BEFORE" : "SINCE"));
    }

    void portsNotGuarded(InstanceName instance, List<Integer> ports, String why) {
        append(
                Optional.of(instance),
                "PORTS_NOT_GUARDED",
                "WARNING",
                Map.of("node", node.name().value(), "ports", ports.toString(), "why", why));
    }

    void hookFailed(InstanceConfiguration instance, String hook, String why) {
        append(
                Optional.of(instance.name()),
                "HOOK_FAILED",
                "WARNING",
                Map.of("node", node.name().value(), "hook", hook, "why", why));
    }

    @Override
    public void writable(String directory, Optional<String> problem) {
        append(
                Optional.empty(),
                problem.isPresent() ? "VOLUME_FAILED" : "VOLUME_MENDED",
                problem.isPresent() ? "ALARM" : "INFO",
                Map.of(
                        "node", node.name().value(),
                        "directory", directory,
                        "why", problem.orElse("")));
    }

    @Override
    public void space(String directory, SpaceLevel level, int usedPercent) {
        append(
                Optional.empty(),
                "VOLUME_" + level,
                switch (level) {
                    case NORMAL -> "INFO";
                    case WARNING, SERIOUS -> "WARNING";
                    case CRITICAL -> "ALARM";
                },
                Map.of(
                        "node", node.name().value(),
                        "directory", directory,
                        "percent", Integer.toString(usedPercent)));
    }

    void stopping(String by) {
        append(
                Optional.empty(),
                "NODE_STOPPED",
                "INFO",
                Map.of("node", node.name().value(), "by", by));
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

    void held(Hold hold) {
        append(
                Optional.of(hold.instance()),
                "HELD",
                "WARNING",
                Map.of(
                        "node", node.name().value(),
                        "by", hold.by(),
                        "until", hold.until().toString(),
                        "why", hold.reason()));
    }

    void released(InstanceName instance, String by) {
        append(
                Optional.of(instance),
                "RELEASED",
                "INFO",
                Map.of("node", node.name().value(), "by", by));
    }

    void configured(String version, String by) {
        append(
                Optional.empty(),
                "CONFIGURATION_CHANGED",
                "INFO",
                Map.of("version", version, "by", by));
    }

    void storeReset(String by) {
        append(
                Optional.empty(),
                "STORE_RESET",
                "WARNING",
                Map.of("node", node.name().value(), "by", by));
    }

    void readmitted(InstanceName instance, String by) {
        append(
                Optional.of(instance),
                "VOTER_READMITTED",
                "WARNING",
                Map.of("node", node.name().value(), "by", by));
    }

    void removed(NodeName member, String by) {
        append(
                Optional.empty(),
                "NODE_REMOVED",
                "WARNING",
                Map.of("node", member.value(), "by", by));
    }

    void admitted(NodeName member, String by) {
        append(Optional.empty(), "NODE_ADMITTED", "INFO", Map.of("node", member.value(), "by", by));
    }

    void unpaired(String group, NodeName keeps, String by) {
        append(
                Optional.empty(),
                "UNPAIRED",
                "INFO",
                Map.of("group", group, "node", keeps.value(), "by", by));
    }

    void paired(String group, NodeName joins, String by) {
        append(
                Optional.empty(),
                "PAIRED",
                "INFO",
                Map.of("group", group, "node", joins.value(), "by", by));
    }

    void left(InstanceName instance, String path) {
        append(
                Optional.of(instance),
                "COPY_LEFT",
                "INFO",
                Map.of("node", node.name().value(), "path", path));
    }

    /** Lets this member vote on the end of the event log again after its file was damaged. */
    CompletionStage<Boolean> readmit() {
        return log.readmit();
    }

    private void append(
            Optional<InstanceName> instance,
            String code,
            String severity,
            Map<String, String> details) {
        String sentence = words.event(code, instance, details);
        LOG.log(
                severity.equals("INFO") ? System.Logger.Level.INFO : System.Logger.Level.WARNING,
                sentence);
        log.append(
                instance.map(InstanceName::value).orElse(null), severity, code, details, sentence);
    }

    List<EventView> after(long number, int limit) {
        return log.after(number, limit);
    }

    long last() {
        return log.last();
    }
}
