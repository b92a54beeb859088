package io.understudy.cli.show;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.cli.ExitCode;
import io.understudy.cli.Terminal;
import io.understudy.cli.remote.FakeNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EventsCommandTest {

    private static final String EVENT =
            "{\"number\":%d,\"time\":\"2026-11-20T08:00:00Z\",\"node\":\"alpha\",\"instance\":null,"
                    + "\"severity\":\"INFO\",\"code\":\"%s\",\"details\":{},\"message\":\"It is %s.\"}";

    @TempDir private Path directory;
    private FakeNode node;
    private Terminal terminal;

    @BeforeEach
    void open() throws IOException {
        node = new FakeNode();
        Path token = Files.writeString(directory.resolve("token"), FakeNode.TOKEN + "\n");
        terminal =
                new Terminal(
                        Map.of(
                                "UNDERSTUDY_ENDPOINTS", directory.resolve("endpoints").toString(),
                                "UNDERSTUDY_URL", node.url(),
                                "UNDERSTUDY_TOKEN_FILE", token.toString()),
                        Locale.ROOT);
    }

    @AfterEach
    void close() {
        node.close();
    }

    private static String event(int number, String code) {
        return EVENT.formatted(number, code, code);
    }

    @Test
    void theSearchIsTheNodes() {
        String asked =
                "GET /api/v1/events?limit=7&instance=nms%2Clog&node=beta&code=A&severity=ALARM"
                        + "&since=2026-11-20T08%3A30Z&text=lost+lease";
        node.answers(asked, 200, "[" + event(4, "X") + "]");
        int code =
                terminal.run(
                        "events",
                        "--limit",
                        "7",
                        "--instance",
                        "nms,log",
                        "--node",
                        "beta",
                        "--code",
                        "A",
                        "--severity",
                        "ALARM",
                        "--since",
                        "2026-11-20T08:30Z",
                        "--grep",
                        "lost lease");
        assertEquals(ExitCode.DONE, code, terminal.err());
        assertTrue(terminal.out().contains("It is X."), terminal.out());
        assertEquals(ExitCode.USAGE, terminal.run("events", "--since", "soon"));
        assertTrue(terminal.err().contains("3d (ago)"), terminal.err());
        assertEquals(ExitCode.USAGE, terminal.run("events", "--limit", "0"));
        assertEquals(1, node.calls().size());
    }

    @Test
    void followingGoesOnWhereTheStreamBroke() throws Exception {
        node.answers("GET /api/v1/events?limit=1", 200, "[" + event(2, "TWO") + "]")
                .answers("GET /api/v1/events?limit=200", 200, "[" + event(2, "TWO") + "]")
                .answers(
                        "GET /api/v1/events/stream?after=2",
                        200,
                        "retry: 2000\n\nid: 3\ndata: "
                                + event(3, "THREE")
                                + "\n\n: beat\nid: 3\n\nid: 4\ndata: "
                                + event(4, "FOUR")
                                + "\n\n")
                .answers(
                        "GET /api/v1/events/stream?after=4",
                        200,
                        "id: 5\ndata: " + event(5, "FIVE") + "\n\n");
        Thread command = new Thread(() -> terminal.run("events", "--follow"), "test-follow");
        command.start();
        Pattern inOrder = Pattern.compile("(?s).*TWO.*THREE.*FOUR.*FIVE.*");
        while (command.isAlive() && !inOrder.matcher(written()).matches()) {
            Thread.sleep(50);
        }
        command.interrupt();
        command.join(10_000);
        assertEquals(List.of("TWO", "THREE", "FOUR", "FIVE"), seen());
    }

    private String written() {
        try {
            return terminal.out();
        } catch (NullPointerException notYet) {
            return "";
        }
    }

    private List<String> seen() {
        return terminal.out()
                .lines()
                .filter(line -> line.contains("It is "))
                .map(line -> line.replaceAll(".*It is (\\w+)\\..*", "$1"))
                .toList();
    }
}
