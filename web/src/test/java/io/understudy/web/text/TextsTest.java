package io.understudy.web.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.database.DatabaseRole;
import io.understudy.core.database.ReplicationMode;
import io.understudy.core.ledger.Reason;
import io.understudy.core.peer.Contact;
import io.understudy.core.recovery.EventCode;
import io.understudy.core.recovery.Obstacle;
import io.understudy.core.recovery.Phase;
import io.understudy.core.service.ServiceCondition;
import io.understudy.core.state.NodePhase;
import io.understudy.core.state.NodeState;
import io.understudy.core.state.PairState;
import io.understudy.ejb.control.OperatorCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every language says everything, with the same blanks to fill in. */
class TextsTest {

    private static final Pattern BLANK = Pattern.compile("\\{[\\w-]+}");
    private static final Path PAGE = Path.of("src", "main", "webapp", "page");
    private static final Pattern USED =
            Pattern.compile(
                    "\"((?:page|token|headline|next|section|group|node|instance|services|databases"
                            + "|members|contact|cluster|events|hold|action|confirm|why-not|operation"
                            + "|time)\\.[\\w-]+)\"");

    static List<String> languages() {
        return Texts.LANGUAGES;
    }

    @ParameterizedTest
    @MethodSource("languages")
    void everyLanguageHasEveryTextWithTheSameBlanks(String language) {
        Map<String, String> english = Texts.load(Texts.FIRST);
        Map<String, String> texts = Texts.load(language);
        assertEquals(
                english.keySet(), texts.keySet(), "Give texts_" + language + " the same keys.");
        for (Map.Entry<String, String> text : english.entrySet()) {
            String key = text.getKey();
            assertEquals(blanks(text.getValue()), blanks(texts.get(key)), language + " " + key);
        }
    }

    @ParameterizedTest
    @MethodSource("languages")
    void translationsAreTranslations(String language) {
        Map<String, String> english = Texts.load(Texts.FIRST);
        Map<String, String> texts = Texts.load(language);
        List<String> same =
                english.keySet().stream()
                        .filter(key -> english.get(key).equals(texts.get(key)))
                        .filter(key -> hasWords(english.get(key)))
                        .toList();
        assertTrue(language.equals(Texts.FIRST) || same.isEmpty(), "Translate " + same);
    }

    @Test
    void everyNameThatTheNodeSendsHasAWord() {
        List<String> missing = new ArrayList<>();
        check("reason", Reason.values(), missing);
        check("condition", ServiceCondition.values(), missing);
        check("role", DatabaseRole.values(), missing);
        check("replication", ReplicationMode.values(), missing);
        check("contact", Contact.values(), missing);
        check("action", OperatorCommand.Kind.values(), missing);
        check("state", NodeState.values(), missing);
        check("pair-state", PairState.values(), missing);
        check("here", NodePhase.values(), missing);
        check("here", Phase.values(), missing);
        check("phase", Phase.values(), missing);
        check("obstacle", Obstacle.values(), missing);
        check("event", EventCode.values(), missing);
        check("confirm", OperatorCommand.Kind.values(), missing);
        assertEquals(List.of(), missing, "Add these keys to every texts_*.properties:");
    }

    @Test
    void everyTextThatThePageAsksForExists() throws IOException {
        Set<String> missing = new TreeSet<>();
        try (Stream<Path> files = Files.list(PAGE)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".js")).toList()) {
                Matcher key = USED.matcher(Files.readString(file));
                while (key.find()) {
                    if (!Texts.of(Texts.FIRST).containsKey(key.group(1))) {
                        missing.add(key.group(1));
                    }
                }
            }
        }
        assertEquals(Set.of(), missing, "Add these keys to every texts_*.properties:");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, -, en",
                "-, 'de, fr;q=0.9', en",
                "-, 'de, ja;q=0.9, en;q=0.8', ja",
                "-, 'zh', zh-CN",
                "-, 'zh-HK', zh-TW",
                "-, 'zh-Hant-CN', zh-TW",
                "-, 'zh-Hans-TW', zh-CN",
                "-, 'ko-KR;q=0, ja', ja",
                "-, '*', en",
                "-, ';;;', en",
                "ko, ja, ko",
                "xx, ja, ja",
                "'../../etc', ja, ja"
            })
    void choosesALanguage(String wanted, String accepted, String chosen) {
        assertEquals(chosen, Texts.choose(wanted, accepted));
    }

    private static boolean hasWords(String text) {
        return BLANK.matcher(text).replaceAll("").chars().anyMatch(Character::isLetter);
    }

    private static void check(String kind, Enum<?>[] names, List<String> missing) {
        for (Enum<?> name : names) {
            String key = kind + "." + name.name();
            if (!Texts.of(Texts.FIRST).containsKey(key)) {
                missing.add(key);
            }
        }
    }

    private static Set<String> blanks(String text) {
        Set<String> found = new TreeSet<>();
        Matcher blank = BLANK.matcher(text);
        while (blank.find()) {
            found.add(blank.group());
        }
        return found;
    }
}
