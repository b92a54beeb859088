package io.understudy.core.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every pair of phase and event has a row that says what happens; the page in docs is the table.
 */
class TransitionTableTest {

    private static final Path PAGE = Path.of("../docs/reference/transitions.md");

    static Stream<Arguments> pairs() {
        return Stream.of(Phase.values())
                .flatMap(p -> Stream.of(EventKind.values()).map(k -> Arguments.of(p, k)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void every_pair_has_a_row_with_words(Phase phase, EventKind kind) {
        assertFalse(TransitionTable.row(phase, kind).does().isBlank());
    }

    @Test
    void the_page_shows_the_table() throws IOException {
        if (Boolean.getBoolean("understudy.rewrite")) {
            Files.writeString(PAGE, page());
        }
        assertEquals(
                page(),
                Files.readString(PAGE),
                "rewrite it: mvn -pl core test -Dtest=TransitionTableTest"
                        + " -DargLine=-Dunderstudy.rewrite=true");
    }

    private static String page() {
        StringBuilder page = new StringBuilder();
        page.append("# Transition table\n\n");
        page.append(
                "What a node does with an event about an instance, by its phase. Written from"
                        + " `core.recovery.TransitionTable`; a test compares the two. The duties of"
                        + " the phase (what is due by time or became possible) follow every row.\n");
        for (Phase phase : Phase.values()) {
            page.append("\n## ").append(phase).append("\n\n| event | does |\n|---|---|\n");
            for (EventKind kind : EventKind.values()) {
                page.append("| ").append(kind).append(" | ");
                page.append(TransitionTable.row(phase, kind).does()).append(" |\n");
            }
        }
        return page.toString();
    }
}
