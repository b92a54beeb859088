package io.understudy.core.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code probe} of a service. */
final class ProbeReader {

    private static final Pattern HOST_PORT =
            Pattern.compile("(?:\\[([^\\[\\]]+)\\]|([^:\\s\\[\\]]+)):([0-9]{1,5})");
    private static final Pattern SECRET_IN_URL =
            Pattern.compile("(?i)[?&;](user|password|pass|pwd)=|//[^/@]*@");

    private ProbeReader() {}

    static List<String> command(Section section, String key) {
        List<String> command = section.texts(key);
        if (section.isEmptyList(key)) {
            section.report(key, "is an empty list", "write the program and its arguments");
        } else if (!command.isEmpty() && command.get(0).isBlank()) {
            section.report(key + "[0]", "is blank", "write the program to run");
        }
        return command;
    }

    /** The forms, for messages. */
    static final String FORMS =
            "{tcp: \"HOST:PORT\"}, {http: URL}, {command: [PROGRAM, ...]}, {jdbc: {url: URL}} or"
                    + " {volume: DIRECTORY}";

    /** Returns the probe of a service; empty if it has none, or a problem. */
    static Optional<Probe> read(Section service) {
        Optional<Object> value = service.value("probe");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!(value.get() instanceof Map<?, ?> map)) {
            service.report("probe", "is " + Section.shown(value.get()), "write one of " + FORMS);
            return Optional.empty();
        }
        Section section = new Section(map, service.path("probe"), service.problems());
        Optional<Probe> tcp = section.text("tcp").flatMap(t -> tcp(section, t));
        Optional<Probe> http = section.text("http").flatMap(t -> http(section, t));
        List<String> command = command(section, "command");
        Optional<Probe> jdbc = section.section("jdbc").flatMap(ProbeReader::jdbc);
        Optional<Probe> volume = section.value("volume").flatMap(v -> volume(section, v));
        section.end();
        if (map.size() != 1) {
            service.report("probe", "has " + map.size() + " keys", "write one of " + FORMS);
            return Optional.empty();
        }
        Optional<Probe> run =
                command.isEmpty() ? Optional.empty() : Optional.of(new Probe.Command(command));
        return tcp.or(() -> http).or(() -> run).or(() -> jdbc).or(() -> volume);
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

    private static Optional<Probe> jdbc(Section section) {
        int before = section.problems().size();
        Optional<String> url = section.neededText("url", "\"jdbc:postgresql://127.0.0.1/nms\"");
        url.filter(u -> !u.startsWith("jdbc:") || u.indexOf(':', 5) < 6)
                .ifPresent(u -> section.report("url", "is '" + u + "'", "write jdbc:KIND:..."));
        url.filter(u -> SECRET_IN_URL.matcher(u).find())
                .ifPresent(
                        u ->
                                section.report(
                                        "url",
                                        "names a user or a password, which everybody could read",
                                        "write user: and password-file: instead"));
        Optional<String> user = section.text("user");
        Optional<String> file = section.text("password-file");
        checkAbsolute(section, "password-file", file);
        String query = section.text("query").orElse("SELECT 1");
        section.end();
        return section.problems().size() > before || url.isEmpty()
                ? Optional.empty()
                : Optional.of(new Probe.Jdbc(url.get(), user, file, query));
    }

    private static Optional<Probe> volume(Section probe, Object value) {
        if (value instanceof String directory) {
            checkDirectory(probe, "volume", Optional.of(directory));
            return Optional.of(Probe.Volume.of(directory));
        }
        return probe.section("volume").flatMap(ProbeReader::volume);
    }

    private static Optional<Probe> volume(Section section) {
        int before = section.problems().size();
        Optional<String> directory = section.neededText("directory", "/srv/data");
        checkDirectory(section, "directory", directory);
        int warning = section.number("warning", 1, 100, Probe.Volume.WARNING);
        int serious = section.number("serious", 1, 100, Probe.Volume.SERIOUS);
        int critical = section.number("critical", 1, 100, Probe.Volume.CRITICAL);
        if (warning > serious || serious > critical) {
            section.report(
                    "warning",
                    "the thresholds are " + warning + ", " + serious + " and " + critical,
                    "write them in rising order: warning, serious, critical");
        }
        section.end();
        return section.problems().size() > before || directory.isEmpty()
                ? Optional.empty()
                : Optional.of(new Probe.Volume(directory.get(), warning, serious, critical));
    }

    private static void checkDirectory(Section section, String key, Optional<String> path) {
        path.filter(p -> p.isBlank() || List.of(p.split("/")).contains(".."))
                .ifPresent(
                        p ->
                                section.report(
                                        key,
                                        "is '" + p + "'",
                                        "write a path from the root /, or from the data directory"
                                                + " without .."));
    }

    private static void checkAbsolute(Section section, String key, Optional<String> path) {
        path.filter(p -> !p.startsWith("/"))
                .ifPresent(
                        p -> section.report(key, "is '" + p + "'", "write a path from the root /"));
    }
}
