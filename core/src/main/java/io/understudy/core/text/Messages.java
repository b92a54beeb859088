package io.understudy.core.text;

import io.understudy.core.instance.InstanceName;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts for people, in English, Simplified and Traditional Chinese, Korean and Japanese. Keys are a
 * kind and a stable code: {@code state.NORMAL}, {@code pair-state.}, {@code reason.}, {@code
 * advice.}, {@code event.}, {@code action.}, {@code button.}, {@code refusal.}, {@code obstacle.},
 * {@code condition.}, {@code role.}, {@code contact.}. Placeholders are names in braces.
 */
public final class Messages {

    private static final String BUNDLE = "io.understudy.core.text.messages";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z]+)\\}");

    private static final Pattern UNSAID = Pattern.compile("\\s*[:：]\\s*$");

    private final ResourceBundle bundle;

    private Messages(ResourceBundle bundle) {
        this.bundle = bundle;
    }

    /**
     * Returns the texts of {@code locale}; the English ones where there is no translation, whatever
     * the default locale of the process.
     */
    public static Messages in(Locale locale) {
        return new Messages(
                ResourceBundle.getBundle(
                        BUNDLE,
                        locale,
                        ResourceBundle.Control.getNoFallbackControl(
                                ResourceBundle.Control.FORMAT_PROPERTIES)));
    }

    /** Returns whether there is a text with that key. */
    public boolean has(String key) {
        return bundle.containsKey(key);
    }

    /** Returns every key. */
    public Set<String> keys() {
        return new TreeSet<>(bundle.keySet());
    }

    /** Returns the text of {@code key}, or the key itself if there is none: never nothing. */
    public String text(String key) {
        return bundle.containsKey(key) ? bundle.getString(key) : key;
    }

    /**
     * Returns the text of {@code key} with the values in place of their names. A value that is a
     * constant's name of the kind that the placeholder is called after is translated: the value
     * PEER_DOWN of {@code {reason}}, HEARD of {@code {contact}}. A name without a value shows as
     * "-".
     */
    public String text(String key, Map<String, String> values) {
        Matcher matcher = PLACEHOLDER.matcher(text(key));
        StringBuilder result = new StringBuilder();
        while (matcher.find()) {
            String name = matcher.group(1);
            String value = values.getOrDefault(name, "-");
            String translated = textOr(name + "." + value, value);
            matcher.appendReplacement(result, Matcher.quoteReplacement(translated));
        }
        return matcher.appendTail(result).toString();
    }

    /** Returns the text of a constant: its kind, a dot, and its name as the key. */
    public String of(String kind, Enum<?> constant) {
        return text(kind + "." + constant.name());
    }

    /**
     * Returns the sentence of an event.
     *
     * @param code the event's code
     * @param instance the instance it is about, if any; fills {@code {instance}}
     * @param details its named values
     */
    public String event(String code, Optional<InstanceName> instance, Map<String, String> details) {
        Map<String, String> values = new HashMap<>(details);
        instance.ifPresent(i -> values.putIfAbsent("instance", i.value()));
        values.computeIfPresent("operation", (name, value) -> textOr("action." + value, value));
        // A sentence that ends with what was left empty ends before it.
        return UNSAID.matcher(text("event." + code, values)).replaceFirst("");
    }

    private String textOr(String key, String fallback) {
        return bundle.containsKey(key) ? bundle.getString(key) : fallback;
    }

    /** Returns the names that the text of {@code key} wants values for. */
    Set<String> placeholders(String key) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = PLACEHOLDER.matcher(text(key));
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }
}
