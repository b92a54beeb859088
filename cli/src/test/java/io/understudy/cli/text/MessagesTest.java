package io.understudy.cli.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessagesTest {

    private static final Pattern PLACE = Pattern.compile("\\{[0-9]}|%n");
    private static final Messages ENGLISH = Messages.of(Locale.ROOT);

    @ParameterizedTest
    @ValueSource(strings = {"zh_CN", "zh_TW", "ko", "ja"})
    void everyLanguageHasEveryTextWithTheSamePlaces(String language) {
        Messages translated = Messages.of(Messages.locale(language));
        for (String key : ENGLISH.bundle().keySet()) {
            String english = ENGLISH.bundle().getString(key);
            String text = translated.bundle().getString(key);
            assertFalse(text.isBlank(), language + " " + key);
            // Unlike java.text.MessageFormat, a quote is written as it is.
            assertFalse((text + english).contains("''"), language + " doubles quotes: " + key);
            assertEquals(places(english), places(text), language + " " + key);
            boolean worthTranslating = english.replaceAll("\\{[0-9]}|[^A-Za-z]", "").length() > 9;
            assertFalse(
                    worthTranslating && english.equals(text) && !key.equals("failure.cause"),
                    language + " says it in English: " + key);
        }
        assertEquals(ENGLISH.bundle().keySet(), translated.bundle().keySet());
    }

    @Test
    void anotherLanguageGetsEnglishWhateverTheHostSpeaks() {
        Locale host = Locale.getDefault();
        try {
            Locale.setDefault(Locale.JAPANESE);
            assertEquals("Stopped.", Messages.of(Messages.locale("eo")).text("node.stopped"));
            assertEquals("Stopped.", Messages.of(Messages.locale("C.UTF-8")).text("node.stopped"));
        } finally {
            Locale.setDefault(host);
        }
    }

    @Test
    void argumentsAreTakenAsTheyAre() {
        assertEquals(
                "What {1} 22080's answers is not what a node says.",
                ENGLISH.text("client.strange", "{1} 22080's"));
    }

    private static Set<String> places(String text) {
        Set<String> places = new TreeSet<>();
        Matcher matcher = PLACE.matcher(text);
        while (matcher.find()) {
            places.add(matcher.group());
        }
        return places;
    }
}
