package io.understudy.cli.show;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.understudy.cli.ExitCode;
import io.understudy.cli.Terminal;
import io.understudy.cli.remote.FakeNode;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.ledger.Reason;
import io.understudy.core.move.Move;
import io.understudy.core.move.MoveKind;
import io.understudy.core.move.MovePhase;
import io.understudy.core.node.NodeName;
import io.understudy.core.view.MoveView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MovesCommandTest {

    @TempDir private Path directory;
    private FakeNode node;

    @BeforeEach
    void open() throws IOException {
        node = new FakeNode();
    }

    @AfterEach
    void close() {
        node.close();
    }

    private Terminal terminal(Locale locale) throws IOException {
        Path token = Files.writeString(directory.resolve("token"), FakeNode.TOKEN + "\n");
        return new Terminal(
                Map.of(
                        "UNDERSTUDY_ENDPOINTS", directory.resolve("endpoints").toString(),
                        "UNDERSTUDY_URL", node.url(),
                        "UNDERSTUDY_TOKEN_FILE", token.toString()),
                locale);
    }

    private static String moves() throws IOException {
        Move move =
                new Move(
                        InstanceName.of("nms"),
                        MoveKind.FAILOVER,
                        NodeName.of("alpha"),
                        NodeName.of("beta"),
                        4,
                        Reason.PEER_DOWN,
                        true,
                        Map.of(
                                MovePhase.DETECT, 810L,
                                MovePhase.FENCE, 900L,
                                MovePhase.START, 1_450L));
        return new ObjectMapper()
                .writeValueAsString(List.of(MoveView.of(move, "2026-11-20T08:00:00Z")));
    }

    @Test
    void showsWhatEachPartTook() throws IOException {
        node.answers("GET /api/v1/instances/nms/moves", 200, moves());
        Terminal terminal = terminal(Locale.ROOT);
        assertEquals(ExitCode.DONE, terminal.run("moves", "nms"), terminal.err());
        assertTrue(terminal.out().contains("Failover of nms from alpha to beta: 1.4 s"));
        assertTrue(terminal.out().contains("Detect 810 ms, Fence 90 ms, Start 550 ms"));
        terminal.out().lines().forEach(line -> assertTrue(line.length() <= 80, line));
    }

    @Test
    void speaksTheUsersLanguage() throws IOException {
        node.answers("GET /api/v1/instances/nms/moves", 200, moves());
        Terminal terminal = terminal(Locale.JAPAN);
        assertEquals(ExitCode.DONE, terminal.run("moves", "nms"), terminal.err());
        assertTrue(terminal.out().contains("検知 810 ms"), terminal.out());
    }

    @Test
    void saysWhereThereAreNone() throws IOException {
        node.answers("GET /api/v1/instances/nms/moves", 200, "[]");
        Terminal terminal = terminal(Locale.ROOT);
        assertEquals(ExitCode.DONE, terminal.run("moves", "nms"));
        assertTrue(terminal.out().contains("No moves are known."));
    }
}
