package io.understudy.core.explain;

import io.understudy.core.text.Messages;
import io.understudy.core.view.ExplanationView.Sentence;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Makes sentences of keys and values, with the English text for those who cannot translate. */
final class Sentences {

    private static final Messages ENGLISH = Messages.in(Locale.ENGLISH);

    private Sentences() {}

    /** Returns a sentence; {@code values} are names and values in turn. */
    static Sentence of(String key, Object... values) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i + 1 < values.length; i += 2) {
            map.put((String) values[i], String.valueOf(values[i + 1]));
        }
        return of(key, map);
    }

    static Sentence of(String key, Map<String, String> values) {
        return new Sentence(key, values, ENGLISH.text(key, values));
    }

    /** Returns a sentence as a part of another: without its full stop. */
    static String part(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }

    /** Returns a duration for people, in symbols that every language reads. */
    static String span(Duration duration) {
        long millis = Math.max(0, duration.toMillis());
        if (millis < 1000) {
            return millis + " ms";
        }
        if (millis < 60_000) {
            return millis / 1000 + "." + millis % 1000 / 100 + " s";
        }
        long minutes = millis / 60_000;
        return minutes < 60
                ? minutes + " min " + millis / 1000 % 60 + " s"
                : minutes / 60 + " h " + minutes % 60 + " min";
    }
}
