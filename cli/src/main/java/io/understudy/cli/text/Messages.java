package io.understudy.cli.text;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The command's texts in one language. Immutable. */
public final class Messages {

    private static final String BUNDLE = "io.understudy.cli.text.messages";
    private static final ResourceBundle.Control NO_DETOUR =
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);

    private static final Pattern PLACE = Pattern.compile("\\{([0-9])}");

    private final ResourceBundle bundle;

    private final Locale locale;

    private Messages(Locale locale) {
        this.locale = locale;
        this.bundle = ResourceBundle.getBundle(BUNDLE, locale, NO_DETOUR);
    }

    /** Returns the texts for {@code locale}, English where there is no translation. */
    public static Messages of(Locale locale) {
        return new Messages(Objects.requireNonNull(locale, "locale"));
    }

    /**
     * Returns the locale that a user names: {@code ja}, {@code zh_CN}, {@code zh-TW}, {@code
     * ko_KR.UTF-8}.
     */
    public static Locale locale(String name) {
        String tag = name.replaceAll("[.@].*", "").replace('_', '-');
        return tag.equals("C") || tag.equals("POSIX") ? Locale.ROOT : Locale.forLanguageTag(tag);
    }

    /** Returns which language this is. */
    public Locale locale() {
        return locale;
    }

    /** Returns the language as a tag of BCP 47, for HTTP's Accept-Language. */
    public String language() {
        return locale.equals(Locale.ROOT) ? "en" : locale.toLanguageTag();
    }

    /** Returns the bundle, for picocli's help texts. */
    public ResourceBundle bundle() {
        return bundle;
    }

    /**
     * Returns a text. Arguments are put in as they are: {@code java.text.MessageFormat} would write
     * the port 22080 as 22,080 and swallow single quotes.
     *
     * @param key which; a key that no bundle has is a bug and throws
     * @param arguments what {@code {0}}, {@code {1}}, ... stand for
     */
    public String text(String key, Object... arguments) {
        String text = bundle.getString(key);
        StringBuilder filled = new StringBuilder();
        int from = 0;
        Matcher place = PLACE.matcher(text);
        while (place.find()) {
            int index = Integer.parseInt(place.group(1));
            filled.append(text, from, place.start());
            filled.append(index < arguments.length ? arguments[index] : place.group());
            from = place.end();
        }
        return filled.append(text.substring(from)).toString();
    }

    /** Returns a text that may be missing: names of states that a newer node may have. */
    public Optional<String> find(String key) {
        return bundle.containsKey(key) ? Optional.of(bundle.getString(key)) : Optional.empty();
    }
}
