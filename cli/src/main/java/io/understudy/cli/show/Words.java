package io.understudy.cli.show;

import io.understudy.cli.text.Messages;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.view.EventView;
import io.understudy.core.view.ExplanationView;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The enum names and message keys of the REST answers in the user's language: the words of the
 * core, which all faces share, then the command's own. A name not known stays readable.
 */
final class Words {

    private final Messages messages;
    private final io.understudy.core.text.Messages shared;

    Words(Messages messages) {
        this.messages = messages;
        this.shared = io.understudy.core.text.Messages.in(messages.locale());
    }

    /** Returns the word for {@code name} of the family {@code kind}; a dash for null. */
    String of(String kind, String name) {
        if (name == null || name.isEmpty()) {
            return "-";
        }
        String key = kind + "." + name;
        return shared.has(key)
                ? shared.text(key)
                : messages.find(key)
                        .orElseGet(() -> name.toLowerCase(Locale.ROOT).replace('_', ' '));
    }

    /**
     * Returns the sentence for an advice's key; empty where there is none, or nothing to advise.
     */
    String advice(String key) {
        if (key == null || key.isEmpty()) {
            return "";
        }
        String full = key.startsWith("advice.") ? key : "advice." + key;
        return full.equals("advice.normal") || !shared.has(full) ? "" : shared.text(full);
    }

    /**
     * Returns the sentence for an obstacle's name; what is no such name is a sentence already.
     *
     * @param node the one that it keeps from taking over
     */
    String obstacle(String name, String node) {
        for (String kind : List.of("because.", "obstacle.", "refusal.")) {
            if (shared.has(kind + name)) {
                return shared.text(kind + name, Map.of("node", node));
            }
        }
        return name;
    }

    /** Returns a text of all faces with its values. */
    String shared(String key, Map<String, String> values) {
        return shared.text(key, values);
    }

    /** Returns an event's sentence. */
    String event(EventView event) {
        if (!shared.has("event." + event.code())) {
            return event.message();
        }
        Optional<InstanceName> instance =
                Optional.ofNullable(event.instance())
                        .filter(InstanceName::isValid)
                        .map(InstanceName::of);
        Map<String, String> details = new HashMap<>();
        if (event.node() != null) {
            details.put("node", event.node());
        }
        if (event.details() != null) {
            details.putAll(event.details());
        }
        return shared.event(event.code(), instance, details);
    }

    /** Returns a sentence of the nodes; the English one where its key is of another version. */
    String sentence(ExplanationView.Sentence sentence) {
        return shared.has(sentence.key())
                ? shared.text(sentence.key(), sentence.values())
                : sentence.text();
    }

    String text(String key, Object... arguments) {
        return messages.text(key, arguments);
    }
}
