package io.understudy.web.text;

import io.understudy.core.text.Messages;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The texts of the status page: those of the page itself, one bundle per language here, and the
 * words that all faces share, from {@link Messages}. What a language lacks is in English.
 */
public final class Texts {

    /** The language that is complete by definition. */
    public static final String FIRST = "en";

    /** Every language there is, as tags (BCP 47), in the order of the page's choice. */
    public static final List<String> LANGUAGES = List.of(FIRST, "zh-CN", "zh-TW", "ko", "ja");

    private static final Map<String, Map<String, String>> ALL = loadAll();

    private Texts() {}

    /** Returns the texts of {@code language}, which must be one of {@link #LANGUAGES}. */
    public static Map<String, String> of(String language) {
        return ALL.get(language);
    }

    /**
     * Returns the language to answer with.
     *
     * @param wanted a language tag chosen by hand, or null
     * @param accepted the header Accept-Language (RFC 9110, section 12.5.4), or null
     */
    public static String choose(String wanted, String accepted) {
        Optional<String> chosen = wanted == null ? Optional.empty() : closest(wanted);
        if (chosen.isPresent()) {
            return chosen.get();
        }
        if (accepted == null) {
            return FIRST;
        }
        try {
            return Locale.LanguageRange.parse(accepted).stream()
                    .filter(range -> range.getWeight() > 0)
                    .map(range -> closest(range.getRange()))
                    .flatMap(Optional::stream)
                    .findFirst()
                    .orElse(FIRST);
        } catch (IllegalArgumentException notAList) {
            return FIRST;
        }
    }

    /** Chinese is told apart by its script, or by the region that implies one. */
    private static Optional<String> closest(String tag) {
        Locale locale = Locale.forLanguageTag(tag);
        if (!locale.getLanguage().equals("zh")) {
            return LANGUAGES.stream().filter(one -> one.equals(locale.getLanguage())).findFirst();
        }
        boolean traditional =
                locale.getScript().equals("Hant")
                        || locale.getScript().isEmpty()
                                && List.of("TW", "HK", "MO").contains(locale.getCountry());
        return Optional.of(traditional ? "zh-TW" : "zh-CN");
    }

    private static Map<String, Map<String, String>> loadAll() {
        Map<String, Map<String, String>> all = new LinkedHashMap<>();
        Map<String, String> first = load(FIRST);
        for (String language : LANGUAGES) {
            Map<String, String> texts = new TreeMap<>(shared(language));
            texts.putAll(first);
            texts.putAll(load(language));
            all.put(language, Map.copyOf(texts));
        }
        return Map.copyOf(all);
    }

    private static Map<String, String> shared(String language) {
        Messages messages = Messages.in(Locale.forLanguageTag(language));
        Map<String, String> texts = new TreeMap<>();
        messages.keys().forEach(key -> texts.put(key, messages.text(key)));
        return texts;
    }

    static Map<String, String> load(String language) {
        String name = "texts_" + language + ".properties";
        try (InputStream file = Texts.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("the application lacks its file " + name);
            }
            try (Reader reader = new InputStreamReader(file, StandardCharsets.UTF_8)) {
                Properties properties = new Properties();
                properties.load(reader);
                Map<String, String> texts = new TreeMap<>();
                properties.forEach((key, text) -> texts.put((String) key, (String) text));
                return texts;
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(
                    "cannot read the application's file " + name, unreadable);
        }
    }
}
