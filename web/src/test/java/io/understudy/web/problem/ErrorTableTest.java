package io.understudy.web.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.ejb.control.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/reference/errors.md says what the table says. */
class ErrorTableTest {

    private static final Path PAGE = Path.of("..", "docs", "reference", "errors.md");

    @Test
    void thePageListsEveryCode() throws IOException {
        StringBuilder table = new StringBuilder("| code | HTTP | what it means | next step |\n");
        table.append("|---|---|---|---|\n");
        for (ErrorCode code : ErrorCode.values()) {
            table.append("| `").append(code.name()).append("` | ").append(code.status());
            table.append(" | ")
                    .append(code.title())
                    .append(" | ")
                    .append(code.next())
                    .append(" |\n");
        }
        List<String> lines =
                Files.readAllLines(PAGE).stream().filter(line -> line.startsWith("|")).toList();
        assertEquals(
                table.toString(),
                String.join("\n", lines) + "\n",
                "Replace the table in " + PAGE + " with the expected one.");
    }
}
