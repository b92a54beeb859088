package io.understudy.core.move;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The table of docs/reference/moves.md is that of the code. To write it anew: {@code mvn -pl core
 * test -Dtest=MovesPageTest -DargLine=-Dunderstudy.rewrite=true}.
 */
class MovesPageTest {

    private static final Path PAGE = Path.of("..", "docs", "reference", "moves.md");
    private static final String BEGIN = "<!-- computed: phases -->\n";

    @Test
    void thePageHasEveryPart() throws IOException {
        String page = Files.readString(PAGE);
        int from = page.indexOf(BEGIN) + BEGIN.length();
        String expected =
                page.substring(0, from) + table() + page.substring(page.indexOf("<!-- end -->"));
        if (Boolean.getBoolean("understudy.rewrite")) {
            Files.writeString(PAGE, expected);
        } else {
            assertEquals(expected, page, PAGE + " is stale: see this test's comment");
        }
    }

    private static String table() {
        StringBuilder table =
                new StringBuilder("| phase | metric tag | takes in |\n|---|---|---|\n");
        for (MovePhase phase : MovePhase.values()) {
            table.append("| %s | `%s` | %s |%n".formatted(phase, phase.key(), phase.meaning()));
        }
        return table.toString();
    }
}
