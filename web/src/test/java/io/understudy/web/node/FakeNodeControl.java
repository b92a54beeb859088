package io.understudy.web.node;

import io.understudy.core.hold.Hold;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.metric.Sample;
import io.understudy.core.node.NodeName;
import io.understudy.core.timing.Timers;
import io.understudy.core.view.ClusterView;
import io.understudy.core.view.DecisionsView;
import io.understudy.core.view.EventView;
import io.understudy.core.view.ExplanationView;
import io.understudy.core.view.ExplanationView.Headline;
import io.understudy.core.view.ExplanationView.NodePart;
import io.understudy.core.view.ExplanationView.Sentence;
import io.understudy.core.view.InfoView;
import io.understudy.core.view.MoveView;
import io.understudy.core.view.OperationView;
import io.understudy.core.view.PromotableView;
import io.understudy.ejb.control.ApplyView;
import io.understudy.ejb.control.ConfigurationView;
import io.understudy.ejb.control.ErrorCode;
import io.understudy.ejb.control.HoldCommand;
import io.understudy.ejb.control.InvalidConfigurationException;
import io.understudy.ejb.control.NodeControl;
import io.understudy.ejb.control.OperatorCommand;
import io.understudy.ejb.control.Problem;
import io.understudy.ejb.control.Readiness;
import io.understudy.ejb.control.RefusedException;
import io.understudy.ejb.control.RemovalView;
import io.understudy.ejb.control.ServiceCommand;
import io.understudy.ejb.control.ServiceLogView;
import io.understudy.ejb.control.ShapeView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A node that serves instance {@code nms}, stands by for {@code log}, and remembers commands. */
public final class FakeNodeControl implements NodeControl {

    /** What was submitted, in order. */
    public final List<OperatorCommand> commands = new CopyOnWriteArrayList<>();

    /** Who stopped the node, how: {@code handOver by}. */
    public final List<String> stops = new CopyOnWriteArrayList<>();

    public final List<String> shapes = new CopyOnWriteArrayList<>();

    /** Who asked for what emergency measure: {@code reset by}, {@code readmit INSTANCE by}. */
    public final List<String> emergencies = new CopyOnWriteArrayList<>();

    /** The moves of every instance. */
    public final List<MoveView> moves = new CopyOnWriteArrayList<>();

    /** What happened so far. */
    public final List<EventView> events = new CopyOnWriteArrayList<>();

    /** Thrown by {@link #view()} if set. */
    public volatile RuntimeException failure;

    /** Thrown by {@link #submit}, {@link #resetStore} and {@link #readmit} if set. */
    public volatile RefusedException refusal;

    /** Forgets everything. */
    public void reset() {
        commands.clear();
        stops.clear();
        emergencies.clear();
        events.clear();
        failure = null;
        refusal = null;
    }

    @Override
    public ExplanationView explain(InstanceName instance) {
        Sentence sentence = new Sentence("why.normal", Map.of(), "Nothing is in the way.");
        PromotableView promotable =
                new PromotableView(
                        instance.value(),
                        "beta",
                        false,
                        true,
                        List.of(),
                        700L,
                        4000L,
                        true,
                        null,
                        null);
        return new ExplanationView(
                instance.value(),
                "alpha",
                "2026-01-01T00:00:00Z",
                new Headline("normal", sentence, 12L, sentence, sentence),
                List.of(),
                List.of(new NodePart("beta", true, "STANDBY", promotable, List.of(), List.of())),
                List.of());
    }

    @Override
    public DecisionsView decisions(InstanceName instance, Instant from, Instant to) {
        return new DecisionsView(
                instance.value(),
                List.of(
                        new DecisionsView.OfNode(
                                "alpha",
                                true,
                                true,
                                List.of(Map.of("time", from.toString(), "to", to.toString())))));
    }

    /** Adds an event of alpha about nms with the next number. */
    public void happens(String code) {
        happens("2026-01-01T00:00:00Z", "alpha", "nms", "INFO", code);
    }

    /** Adds an event with the next number. */
    public void happens(
            String time, String reporter, String instance, String severity, String code) {
        events.add(
                new EventView(
                        events.size() + 1L,
                        time,
                        reporter,
                        instance,
                        severity,
                        code,
                        Map.of("by", "ops"),
                        "Something happened."));
    }

    @Override
    public ClusterView view() {
        if (failure != null) {
            throw failure;
        }
        return new ClusterView(
                "campus",
                "alpha",
                "1",
                "2026-01-01T00:00:00Z",
                "2.1",
                true,
                null,
                List.of(),
                List.of());
    }

    @Override
    public InfoView haInfo() {
        return new InfoView("HA_INFO", "alpha", "2026-01-01T00:00:00Z", false, List.of());
    }

    @Override
    public InfoView serverInfo() {
        return new InfoView("SERVER_INFO", "alpha", "2026-01-01T00:00:00Z", false, List.of());
    }

    @Override
    public List<MoveView> moves(InstanceName instance) {
        return moves.stream().filter(m -> m.instance().equals(instance.value())).toList();
    }

    @Override
    public List<Sample> samples() {
        return List.of();
    }

    @Override
    public OperationView submit(OperatorCommand command) throws RefusedException {
        if (refusal != null) {
            throw refusal;
        }
        commands.add(command);
        return operation(Integer.toString(commands.size())).orElseThrow();
    }

    @Override
    public Optional<OperationView> operation(String id) {
        int number = Integer.parseInt(id);
        if (number > commands.size()) {
            return Optional.empty();
        }
        OperatorCommand command = commands.get(number - 1);
        return Optional.of(
                new OperationView(
                        id,
                        command.kind().name(),
                        command.instance().value(),
                        "RUNNING",
                        null,
                        "Begun.",
                        null,
                        List.of(new OperationView.Phase("asked", 0))));
    }

    @Override
    public List<EventView> events(long after, int limit) {
        return events.stream().filter(event -> event.number() > after).limit(limit).toList();
    }

    @Override
    public long lastEvent() {
        return events.size();
    }

    @Override
    public ConfigurationView configuration() {
        return new ConfigurationView("2.1", "group: campus\n");
    }

    @Override
    public ApplyView apply(
            String document, String by, boolean dryRun, Optional<String> expectedVersion)
            throws InvalidConfigurationException, RefusedException {
        if (expectedVersion.isPresent() && !expectedVersion.get().equals("2.1")) {
            throw new RefusedException(
                    ErrorCode.CONFIGURATION_CHANGED,
                    "Version 2.1 is in force, not " + expectedVersion.get() + ".");
        }
        if (document.contains("nodes: [alpha]")) {
            throw new InvalidConfigurationException(
                    List.of(new Problem("nodes", "one node is no pair", "Name two nodes.")));
        }
        return new ApplyView(dryRun ? "2.1" : "2.2", !dryRun, List.of("+ group campus"));
    }

    @Override
    public ShapeView unpair(String group, Optional<NodeName> keep, String by)
            throws RefusedException {
        return shape("unpair " + group + " " + keep.map(NodeName::value).orElse("-"), by);
    }

    @Override
    public ShapeView pair(String group, NodeName joining, boolean home, String by)
            throws RefusedException {
        return shape("pair " + group + " " + joining + " " + home, by);
    }

    @Override
    public RemovalView remove(NodeName member, boolean force, String by) throws RefusedException {
        return new RemovalView(
                member.value(), true, true, List.of(shape("remove " + member + " " + force, by)));
    }

    @Override
    public RemovalView admit(NodeName member, String by) throws RefusedException {
        shape("admit " + member, by);
        return new RemovalView(member.value(), false, true, List.of());
    }

    private ShapeView shape(String what, String by) throws RefusedException {
        if (refusal != null) {
            throw refusal;
        }
        shapes.add(what + " " + by);
        return new ShapeView("campus", List.of("alpha"), "2.2", List.of());
    }

    @Override
    public boolean active(InstanceName instance) {
        return instance.value().equals("nms");
    }

    @Override
    public boolean standby(InstanceName instance) {
        return instance.value().equals("log");
    }

    @Override
    public boolean knows(InstanceName instance) {
        return active(instance) || standby(instance);
    }

    @Override
    public Optional<Timers> timers(InstanceName instance) {
        return knows(instance) ? Optional.of(Timers.CLASSIC) : Optional.empty();
    }

    @Override
    public Readiness readiness() {
        Readiness.Check fine = new Readiness.Check("lease-store", true, "Answers.");
        return new Readiness(List.of(fine), List.of(fine), List.of(fine));
    }

    @Override
    public void service(ServiceCommand command) throws RefusedException {
        if (refusal != null) {
            throw refusal;
        }
        emergencies.add(command.toString());
    }

    @Override
    public ServiceLogView serviceLog(InstanceName instance, String service, int lines, long from) {
        return new ServiceLogView(
                instance.value(), service, "alpha", lines + " lines from " + from + "\n", 42);
    }

    @Override
    public void resetStore(String by) throws RefusedException {
        if (refusal != null) {
            throw refusal;
        }
        emergencies.add("reset " + by);
    }

    @Override
    public void readmit(InstanceName instance, String by) throws RefusedException {
        if (refusal != null) {
            throw refusal;
        }
        emergencies.add("readmit " + instance + " " + by);
    }

    @Override
    public void stopNode(boolean handOver, String by) {
        stops.add(handOver + " " + by);
    }

    /** The holds in force, by instance. */
    public final Map<InstanceName, Hold> holds = new ConcurrentHashMap<>();

    /** The time here. */
    public static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

    @Override
    public Hold hold(HoldCommand c) throws RefusedException {
        InstanceName instance = c.instance();
        if (holds.containsKey(instance) && !c.replace()) {
            throw new RefusedException(ErrorCode.HELD, "Held by " + holds.get(instance).by() + ".");
        }
        Instant until = c.until().orElseGet(() -> NOON.plus(c.lasts().orElseThrow()));
        Hold hold = new Hold(instance, c.by(), c.reason(), NOON, until);
        holds.put(instance, hold);
        return hold;
    }

    @Override
    public Hold release(InstanceName instance, String by) throws RefusedException {
        Hold hold = holds.remove(instance);
        if (hold == null) {
            throw new RefusedException(ErrorCode.ALREADY_THERE, "It is not held.");
        }
        return hold;
    }
}
