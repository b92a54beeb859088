package io.understudy.core.config;

import io.understudy.core.timing.Timers;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code services} of an instance. Returns no service that has a problem. */
final class ServiceReader {

    /** Restart attempts where the file says nothing. */
    static final int DEFAULT_RESTARTS = 3;

    private static final int MAX_RESTARTS = 100;
    private static final Duration MAX_DELAY = Duration.ofHours(24);
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern HOST_PORT =
            Pattern.compile("(?:\\[([^\\[\\]]+)\\]|([^:\\s\\[\\]]+)):([0-9]{1,5})");

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
        return services;
    }

    private Optional<ServiceConfiguration> service(Section section, Set<String> names) {
        int before = section.problems().size();
        Optional<String> name = section.neededText("name", "web");
        name.ifPresent(n -> checkName(section, n, names));
        Optional<ServiceKind> kind = section.neededWord("kind", ServiceKind.class);
        List<String> start = command(section, "start");
        List<String> stop = command(section, "stop");
        Map<String, String> environment = section.textMap("environment");
        checkEnvironment(section, environment);
        Optional<Probe> probe = probe(section);
        kind.ifPresent(k -> checkKind(section, k));
        boolean critical = section.flag("critical", true);
        Duration delay = section.duration("delay", Duration.ZERO, MAX_DELAY, timers.serviceDelay());
        int restarts =
                section.number(
                        "restarts",
                        0,
                        MAX_RESTARTS,
                        kind.equals(Optional.of(ServiceKind.PROBE)) ? 0 : DEFAULT_RESTARTS);
        section.end();
        if (section.problems().size() > before) {
            return Optional.empty();
        }
        return Optional.of(
                new ServiceConfiguration(
                        name.orElseThrow(),
                        kind.orElseThrow(),
                        start,
                        stop,
                        environment,
                        probe.orElse(new Probe.Alive()),
                        critical,
                        delay,
                        restarts));
    }

    private static void checkName(Section section, String name, Set<String> names) {
        if (!Words.isName(name)) {
            section.report("name", "is '" + name + "'", "use " + Words.NAME_RULE);
        } else if (!names.add(name)) {
            section.report(
                    "name", "is '" + name + "' again", "give each service a name of its own");
        }
    }

    private static void checkKind(Section section, ServiceKind kind) {
        switch (kind) {
            case PROCESS -> {
                if (!section.has("start")) {
                    section.report(
                            "start",
                            "is missing",
                            "write the command as a list, like [\"python3\", \"-m\", \"http.server\"]");
                }
            }
            case PROBE -> {
                if (!section.has("probe")) {
                    section.report("probe", "is missing", "write what to watch, " + PROBE_FORMS);
                }
                for (String key : List.of("start", "stop", "environment", "restarts")) {
                    if (section.has(key)) {
                        section.report(
                                key,
                                "has no meaning for kind: probe",
                                "remove it, or write kind: process");
                    }
                }
            }
        }
    }

    private static List<String> command(Section section, String key) {
        List<String> command = section.texts(key);
        if (section.isEmptyList(key)) {
            section.report(key, "is an empty list", "write the program and its arguments");
        } else if (!command.isEmpty() && command.get(0).isBlank()) {
            section.report(key + "[0]", "is blank", "write the program to run");
        }
        return command;
    }

    private static void checkEnvironment(Section section, Map<String, String> environment) {
        for (String name : environment.keySet()) {
            if (!VARIABLE.matcher(name).matches()) {
                section.report(
                        "environment." + name,
                        "is no name of a variable",
                        "use letters, digits and _, first no digit");
            }
        }
    }

    private static final String PROBE_FORMS =
            "{tcp: \"HOST:PORT\"}, {http: URL} or {command: [PROGRAM, ...]}";

    private static Optional<Probe> probe(Section service) {
        Optional<Object> value = service.value("probe");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!(value.get() instanceof Map<?, ?> map)) {
            service.report(
                    "probe", "is " + Section.shown(value.get()), "write one of " + PROBE_FORMS);
            return Optional.empty();
        }
        Section section = new Section(map, service.path("probe"), service.problems());
        Optional<Probe> tcp = section.text("tcp").flatMap(t -> tcp(section, t));
        Optional<Probe> http = section.text("http").flatMap(t -> http(section, t));
        List<String> command = command(section, "command");
        section.end();
        if (map.size() != 1) {
            service.report("probe", "has " + map.size() + " keys", "write one of " + PROBE_FORMS);
            return Optional.empty();
        }
        Optional<Probe> run =
                command.isEmpty() ? Optional.empty() : Optional.of(new Probe.Command(command));
        return tcp.or(() -> http).or(() -> run);
    }

    private static Optional<Probe> tcp(Section section, String text) {
        Matcher matcher = HOST_PORT.matcher(text);
        if (matcher.matches()) {
            String bracketed = matcher.group(1);
            String host = bracketed == null ? matcher.group(2) : bracketed;
            int port = Integer.parseInt(matcher.group(3));
            boolean v6 = bracketed == null || IpAddress.parse(host).isPresent();
            if (v6 && port >= 1 && port <= 65535) {
                return Optional.of(new Probe.Tcp(host, port));
            }
        }
        section.report("tcp", "is '" + text + "'", "write HOST:PORT, IPv6 as [ADDRESS]:PORT");
        return Optional.empty();
    }

    private static Optional<Probe> http(Section section, String text) {
        try {
            URI uri = new URI(text);
            if ("http".equals(uri.getScheme()) && uri.getHost() != null) {
                return Optional.of(new Probe.Http(text));
            }
        } catch (URISyntaxException e) {
            section.report(
                    "http", "is '" + text + "': " + e.getReason(), "write http://HOST:PORT/PATH");
            return Optional.empty();
        }
        section.report(
                "http",
                "is '" + text + "'",
                "write http://HOST:PORT/PATH; for anything else use a command");
        return Optional.empty();
    }
}
