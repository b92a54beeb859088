package io.understudy.core.config;

import io.understudy.core.timing.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code services} of an instance. Returns no service that has a problem. */
final class ServiceReader {

    /** Restart attempts where the file says nothing. */
    static final int DEFAULT_RESTARTS = 3;

    private static final int MAX_RESTARTS = 100;
    private static final Duration MAX_DELAY = Duration.ofHours(24);
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Duration LEAST_INTERVAL = Duration.ofMillis(100);
    private static final Duration MOST_INTERVAL = Duration.ofMinutes(10);
    private static final Pattern UNIT =
            Pattern.compile("[A-Za-z0-9:_.\\\\-]+(@[A-Za-z0-9:_.\\\\-]*)?\\.service");
    private static final Pattern AGENT = Pattern.compile("ocf:[A-Za-z0-9_.-]+:[A-Za-z0-9_.-]+");

    private final Timers timers;

    ServiceReader(Timers timers) {
        this.timers = timers;
    }

    List<ServiceConfiguration> read(Section instance) {
        List<ServiceConfiguration> services = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Section section : instance.sections("services")) {
            service(section, names).ifPresent(services::add);
        }
        checkOrder(instance, services, names);
        return services;
    }

    private static void checkOrder(
            Section instance, List<ServiceConfiguration> services, Set<String> names) {
        for (ServiceConfiguration service : services) {
            for (String other : service.after().orElse(List.of())) {
                if (!names.contains(other)) {
                    instance.report(
                            "services[" + service.name() + "].after",
                            "names '" + other + "', which is no service of the instance",
                            "write names of services in " + names);
                }
            }
        }
        ServiceOrder.circle(ServiceOrder.after(services))
                .ifPresent(
                        circle ->
                                instance.report(
                                        "services",
                                        "wait for one another in a circle: "
                                                + String.join(" after ", circle),
                                        "remove one 'after' of these, or write after: [] (without"
                                                + " it a service comes after the one before)"));
    }

    private Optional<ServiceConfiguration> service(Section section, Set<String> names) {
        int before = section.problems().size();
        Optional<String> name = section.neededText("name", "web");
        name.ifPresent(n -> checkName(section, n, names));
        Optional<ServiceKind> kind = section.neededWord("kind", ServiceKind.class);
        Optional<String> unit = section.text("unit");
        Optional<String> agent = section.text("agent");
        Map<String, String> parameters = section.textMap("parameters");
        List<String> start = ProbeReader.command(section, "start");
        List<String> stop = ProbeReader.command(section, "stop");
        Map<String, String> environment = section.textMap("environment");
        checkVariables(section, "environment", environment);
        checkVariables(section, "parameters", parameters);
        Optional<Probe> probe = ProbeReader.read(section);
        kind.ifPresent(k -> checkKind(section, k, probe));
        checkForm(section, "unit", unit, UNIT, "NAME.service");
        checkForm(section, "agent", agent, AGENT, "ocf:PROVIDER:TYPE, like ocf:heartbeat:nginx");
        boolean critical = section.flag("critical", true);
        Duration delay = section.duration("delay", Duration.ZERO, MAX_DELAY, timers.serviceDelay());
        int restarts = section.number("restarts", 0, MAX_RESTARTS, restarts(kind));
        Optional<Duration> interval =
                section.has("interval")
                        ? Optional.of(
                                section.duration(
                                        "interval",
                                        LEAST_INTERVAL,
                                        MOST_INTERVAL,
                                        timers.probeInterval()))
                        : Optional.empty();
        Optional<List<String>> after =
                section.has("after") ? Optional.of(section.texts("after")) : Optional.empty();
        StartMode mode = section.word("mode", StartMode.class, StartMode.AUTOMATIC);
        ManualStop manualStop = section.word("manualStop", ManualStop.class, ManualStop.STAY);
        section.end();
        if (section.problems().size() > before) {
            return Optional.empty();
        }
        return Optional.of(
                new ServiceConfiguration(
                        name.orElseThrow(),
                        kind.orElseThrow(),
                        unit.or(() -> agent),
                        parameters,
                        start,
                        stop,
                        environment,
                        probe.orElse(new Probe.Alive()),
                        interval,
                        critical,
                        delay,
                        restarts,
                        after,
                        mode,
                        manualStop));
    }

    private static int restarts(Optional<ServiceKind> kind) {
        return kind.filter(ServiceKind::isStarted).isPresent() ? DEFAULT_RESTARTS : 0;
    }

    private static void checkName(Section section, String name, Set<String> names) {
        if (!Words.isName(name)) {
            section.report("name", "is '" + name + "'", "use " + Words.NAME_RULE);
        } else if (!names.add(name)) {
            section.report(
                    "name", "is '" + name + "' again", "give each service a name of its own");
        }
    }

    private static void checkKind(Section section, ServiceKind kind, Optional<Probe> probe) {
        switch (kind) {
            case PROCESS -> need(section, "start", "the command as a list, like [\"nginx\"]");
            case SYSTEMD -> need(section, "unit", "the unit, like nginx.service");
            case OCF -> need(section, "agent", "the agent, like ocf:heartbeat:nginx");
            case PROBE -> need(section, "probe", "what to watch, " + ProbeReader.FORMS);
        }
        if (kind != ServiceKind.PROBE && probe.filter(p -> p instanceof Probe.Volume).isPresent()) {
            section.report(
                    "probe",
                    "is a volume, which is watched on both nodes at all times",
                    "write a service of kind: probe for it");
        }
        for (String key : OF_KINDS.keySet()) {
            if (!OF_KINDS.get(key).contains(kind) && section.has(key)) {
                section.report(
                        key,
                        "has no meaning for kind: " + Section.wordOf(kind),
                        "remove it, or write kind: "
                                + Words.oneOf(
                                        OF_KINDS.get(key).stream().map(Section::wordOf).toList()));
            }
        }
    }

    /** Keys that have a meaning for some kinds only. */
    private static final Map<String, Set<ServiceKind>> OF_KINDS = ofKinds();

    private static Map<String, Set<ServiceKind>> ofKinds() {
        Map<String, Set<ServiceKind>> kinds = new LinkedHashMap<>();
        kinds.put("start", EnumSet.of(ServiceKind.PROCESS));
        kinds.put("stop", EnumSet.of(ServiceKind.PROCESS));
        kinds.put("environment", EnumSet.of(ServiceKind.PROCESS));
        kinds.put("unit", EnumSet.of(ServiceKind.SYSTEMD));
        kinds.put("agent", EnumSet.of(ServiceKind.OCF));
        kinds.put("parameters", EnumSet.of(ServiceKind.OCF));
        Set<ServiceKind> started = EnumSet.complementOf(EnumSet.of(ServiceKind.PROBE));
        kinds.put("restarts", started);
        kinds.put("mode", started);
        kinds.put("manualStop", started);
        return kinds;
    }

    private static void need(Section section, String key, String what) {
        if (!section.has(key)) {
            section.report(key, "is missing", "write " + what);
        }
    }

    private static void checkForm(
            Section section, String key, Optional<String> text, Pattern form, String words) {
        text.filter(t -> !form.matcher(t).matches())
                .ifPresent(t -> section.report(key, "is '" + t + "'", "write " + words));
    }

    private static void checkVariables(Section section, String key, Map<String, String> variables) {
        for (String name : variables.keySet()) {
            if (!VARIABLE.matcher(name).matches()) {
                section.report(
                        key + "." + name,
                        "is no name of a variable",
                        "use letters, digits and _, first no digit");
            }
        }
    }
}
