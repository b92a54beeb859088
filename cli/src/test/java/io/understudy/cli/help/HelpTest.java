package io.understudy.cli.help;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.cli.ExitCode;
import io.understudy.cli.Terminal;
import io.understudy.cli.text.Messages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HelpTest {

    private final Terminal terminal = new Terminal(Map.of(), Locale.ROOT);
    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    explode                      | There is no command or argument "explode".
                    switchove nms                | There is no command or argument "switchove nms". Did you mean switchover?
                    status --jsn                 | There is no option "--jsn" here. Did you mean --json?
                    switchover                   | INSTANCE is missing.
                    switchover nms --comment     | The option --comment lacks its value.
                    apply                        | --file is missing.
                    status --url a --url b       | --url is given twice.
                    events --after soon          | "soon" is no value for --after.
                    """)
    void whatIsWrongIsSaid(String arguments, String said) {
        assertEquals(ExitCode.USAGE, terminal.run(arguments.split(" ")));
        assertTrue(terminal.errors().get(0).startsWith("understudy: " + said), terminal.err());
        assertTrue(terminal.errors().get(1).contains("--help"), terminal.err());
    }

    @ParameterizedTest
    @CsvSource({
        "zh_CN,没有命令或参数“explode”。",
        "zh_TW,沒有指令或參數「explode」。",
        "ko,\"explode\"(이)라는 명령이나 인수는 없습니다.",
        "ja,「explode」というコマンドや引数はありません。"
    })
    void inTheUsersLanguage(String language, String said) {
        Terminal user = new Terminal(Map.of(), Messages.locale(language));
        assertEquals(ExitCode.USAGE, user.run("explode"));
        assertTrue(user.errors().get(0).contains(said), user.err());
    }

    @Test
    void bashTakesTheCompletionAndItKnowsTheCommands() throws Exception {
        assertEquals(ExitCode.DONE, terminal.run("completion"), terminal.err());
        Path script = Files.writeString(directory.resolve("understudy"), terminal.out());
        String tried =
                "source "
                        + script
                        + "; COMP_WORDS=(understudy switcho); COMP_CWORD=1;"
                        + " _complete_understudy understudy switcho understudy 2>/dev/null;"
                        + " echo \"${COMPREPLY[@]}\"";
        Process bash =
                new ProcessBuilder("bash", "-c", tried)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("said").toFile())
                        .start();
        assertTrue(bash.waitFor(20, TimeUnit.SECONDS));
        assertEquals("switchover", Files.readString(directory.resolve("said")).strip());
    }

    @Test
    void theManualNamesEveryCommandAndNothingHidden() {
        for (String language : List.of("en", "zh_CN", "zh_TW", "ko", "ja")) {
            Terminal user = new Terminal(Map.of(), Messages.locale(language));
            assertEquals(ExitCode.DONE, user.run("manual"), user.err());
            for (String command : List.of("switchover INSTANCE", "db resync INSTANCE", "events")) {
                assertTrue(user.out().contains(".SS \"" + command + "\""), user.out());
            }
            assertTrue(user.out().contains("\\-\\-accept\\-loss"), user.out());
            assertFalse(user.out().contains("demo-writer"), user.out());
            user.out()
                    .lines()
                    .filter(line -> line.startsWith("."))
                    .forEach(
                            line ->
                                    assertTrue(
                                            line.matches("\\.(TH|SH|SS|TP|B|I)( .*)?"),
                                            "no request of man(7): " + line));
        }
    }
}
