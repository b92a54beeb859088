package io.understudy.ejb.service;

import io.understudy.core.time.DurationText;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What an agent says about itself.
 *
 * @param parameters every parameter it knows
 * @param required those of them that must be given
 * @param actions that it offers
 * @param timeouts by action, as the agent advises
 */
record OcfMetadata(
        Set<String> parameters,
        Set<String> required,
        Set<String> actions,
        Map<String, Duration> timeouts) {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(20);
    private static final Pattern TIMEOUT = Pattern.compile("(\\d+)\\s*([a-z]*)");

    OcfMetadata {
        parameters = Set.copyOf(parameters);
        required = Set.copyOf(required);
        actions = Set.copyOf(actions);
        timeouts = Map.copyOf(timeouts);
    }

    /** Nothing is known: no parameter is checked, and time-outs are the usual ones. */
    static final OcfMetadata UNKNOWN = new OcfMetadata(Set.of(), Set.of(), Set.of(), Map.of());

    /**
     * Reads the answer to the action {@code meta-data}.
     *
     * @throws IOException if it is no XML, or not of an agent
     */
    static OcfMetadata read(String xml) throws IOException {
        Set<String> parameters = new LinkedHashSet<>();
        Set<String> required = new LinkedHashSet<>();
        Set<String> actions = new LinkedHashSet<>();
        Map<String, Duration> timeouts = new LinkedHashMap<>();
        boolean agent = false;
        try {
            XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
            XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(xml));
            while (reader.hasNext()) {
                if (reader.next() != XMLStreamConstants.START_ELEMENT) {
                    continue;
                }
                switch (reader.getLocalName()) {
                    case "resource-agent" -> agent = true;
                    case "parameter" -> parameter(reader, parameters, required);
                    case "action" -> action(reader, actions, timeouts);
                    default -> {
                        // Descriptions for people.
                    }
                }
            }
        } catch (XMLStreamException e) {
            throw new IOException("what it says is no XML", e);
        }
        if (!agent) {
            throw new IOException("what it says is no description of a resource agent");
        }
        return new OcfMetadata(parameters, required, actions, timeouts);
    }

    private static void parameter(
            XMLStreamReader reader, Set<String> parameters, Set<String> required) {
        String name = reader.getAttributeValue(null, "name");
        if (name == null) {
            return;
        }
        parameters.add(name);
        String needed = reader.getAttributeValue(null, "required");
        if ("1".equals(needed) || "true".equals(needed)) {
            required.add(name);
        }
    }

    private static void action(
            XMLStreamReader reader, Set<String> actions, Map<String, Duration> timeouts) {
        String name = reader.getAttributeValue(null, "name");
        if (name != null) {
            actions.add(name);
        }
        String timeout = reader.getAttributeValue(null, "timeout");
        if (name != null && timeout != null) {
            duration(timeout).ifPresent(d -> timeouts.putIfAbsent(name, d));
        }
    }

    /** OCF durations: a number without a unit means seconds. */
    private static Optional<Duration> duration(String text) {
        Matcher matcher = TIMEOUT.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "", "s", "sec" -> Optional.of(Duration.ofSeconds(number));
            case "ms", "msec" -> Optional.of(Duration.ofMillis(number));
            case "m", "min" -> Optional.of(Duration.ofMinutes(number));
            case "h", "hr" -> Optional.of(Duration.ofHours(number));
            default -> Optional.empty();
        };
    }

    Duration timeout(String action) {
        return timeouts.getOrDefault(action, DEFAULT_TIMEOUT);
    }

    /** Returns what is wrong with {@code given}: a sentence for each, naming the parameter. */
    List<String> problems(Map<String, String> given) {
        List<String> problems = new ArrayList<>();
        for (String name : given.keySet()) {
            if (!parameters.contains(name)) {
                problems.add(
                        "has no parameter '"
                                + name
                                + "' (it knows "
                                + String.join(", ", parameters.stream().sorted().toList())
                                + ")");
            }
        }
        for (String name : required) {
            if (!given.containsKey(name)) {
                problems.add("needs the parameter '" + name + "'");
            }
        }
        return problems;
    }

    @Override
    public String toString() {
        return "parameters "
                + parameters
                + " timeouts "
                + timeouts.entrySet().stream()
                        .map(e -> e.getKey() + " " + DurationText.format(e.getValue()))
                        .toList();
    }
}
