package io.understudy.core.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.understudy.core.state.PairTable.Cell;
import io.understudy.core.state.PairTable.Row;
import io.understudy.core.state.PairTable.Shown;
import io.understudy.core.text.Messages;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The tables of docs/reference/states.md are those of the code. To write them anew: {@code mvn -pl
 * core test -Dtest=StatesPageTest -DargLine=-Dunderstudy.rewrite=true}.
 */
class StatesPageTest {

    private static final Path PAGE = Path.of("..", "docs", "reference", "states.md");
    private static final Messages WORDS = Messages.in(Locale.ENGLISH);

    @Test
    void thePageShowsTheTable() throws IOException {
        String page = Files.readString(PAGE);
        String expected = replace(page, "names", names());
        expected = replace(expected, "pair-names", pairNames());
        expected = replace(expected, "rows", rows());
        expected = replace(expected, "reference", reference());
        expected = replace(expected, "life", life());
        if (Boolean.getBoolean("understudy.rewrite")) {
            Files.writeString(PAGE, expected);
        } else {
            assertEquals(expected, page, PAGE + " is stale: see this test's comment");
        }
    }

    @Test
    void everyNameOfBothReferencesIsShownBySomeRow() {
        Set<NodeState> states = EnumSet.noneOf(NodeState.class);
        Set<PairState> pairStates = EnumSet.noneOf(PairState.class);
        for (Row row : PairTable.rows()) {
            for (Cell cell : List.of(row.home(), row.backup())) {
                if (cell.state() != Shown.OWN) {
                    states.add(cell.state().state());
                }
            }
            pairStates.add(row.homePair());
            pairStates.add(row.backupPair());
            assertTrue(WORDS.has("advice." + row.advice()), row.advice());
        }
        assertEquals(EnumSet.allOf(NodeState.class), states);
        assertEquals(EnumSet.allOf(PairState.class), pairStates);
    }

    @Test
    void theReferenceIsCoveredRowByRow() throws IOException {
        // "State pairs, reasons and advice" of the presence redundancy groups: 24 rows, of which
        // those with "or" stand for two.
        assertTrue(scenarios("state-pairs.yaml").size() >= 24);
        Set<String> life = new TreeSet<>();
        for (Map<?, ?> step : scenarios("pair-life.yaml")) {
            ((Collection<?>) step.get("pair")).forEach(state -> life.add(state.toString()));
        }
        Set<String> all = new TreeSet<>();
        for (PairState state : PairState.values()) {
            all.add(state.name());
        }
        assertEquals(all, life, "the life of a pair shows each of the nine");
    }

    private static String names() {
        StringBuilder table = new StringBuilder("| state | name | kind |\n|---|---|---|\n");
        for (NodeState state : NodeState.values()) {
            line(
                    table,
                    WORDS.of("state", state),
                    code(state.name()),
                    state.kind().name().toLowerCase(Locale.ROOT));
        }
        return table.toString();
    }

    private static String pairNames() {
        StringBuilder table = new StringBuilder("| state | in words |\n|---|---|\n");
        for (PairState state : PairState.values()) {
            line(table, code(state.name()), WORDS.of("pair-state", state));
        }
        return table.toString();
    }

    private static String rows() {
        StringBuilder table =
                new StringBuilder(
                        "| home is | backup is | and | turn's reason | home shows | backup shows |"
                                + " as a pair | advice |\n|---|---|---|---|---|---|---|---|\n");
        for (Row row : PairTable.rows()) {
            line(
                    table,
                    words(row.whenHome(), Standing.values().length),
                    words(row.whenBackup(), Standing.values().length),
                    row.flags().isEmpty() ? "" : words(row.flags(), -1),
                    row.reasons().isEmpty()
                            ? "any"
                            : row.reasons().stream()
                                    .map(r -> WORDS.of("reason", r))
                                    .collect(Collectors.joining(", ")),
                    shown(row.home()),
                    shown(row.backup()),
                    row.homePair() + ", " + row.backupPair(),
                    WORDS.text("advice." + row.advice()));
        }
        return table.toString();
    }

    private static String words(Collection<? extends Enum<?>> constants, int all) {
        return constants.size() == all
                ? "any"
                : constants.stream()
                        .map(c -> c.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                        .collect(Collectors.joining(", "));
    }

    private static String shown(Cell cell) {
        return cell.state() == Shown.OWN
                ? "its own"
                : WORDS.of("state", cell.state().state())
                        + " ("
                        + cell.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                        + ")";
    }

    private static String reference() throws IOException {
        StringBuilder table =
                new StringBuilder(
                        "| row of the reference | home shows | reason | backup shows | reason |"
                                + " advice |\n|---|---|---|---|---|---|\n");
        for (Map<?, ?> scenario : scenarios("state-pairs.yaml")) {
            PairStates states = PairStates.derive(PairStatesTest.situation(scenario));
            line(
                    table,
                    scenario.get("row").toString(),
                    WORDS.of("state", states.home().state()),
                    WORDS.of("reason", states.home().reason()),
                    WORDS.of("state", states.backup().state()),
                    WORDS.of("reason", states.backup().reason()),
                    WORDS.text("advice." + states.home().advice()));
        }
        return table.toString();
    }

    private static String life() throws IOException {
        StringBuilder table = new StringBuilder("| step | primary | secondary |\n|---|---|---|\n");
        for (Map<?, ?> scenario : scenarios("pair-life.yaml")) {
            PairStates states = PairStates.derive(PairStatesTest.situation(scenario));
            line(
                    table,
                    scenario.get("step").toString(),
                    states.home().pairState().name(),
                    states.backup().pairState().name());
        }
        return table.toString();
    }

    private static String code(String name) {
        return "`" + name + "`";
    }

    private static void line(StringBuilder table, String... cells) {
        table.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static List<Map<?, ?>> scenarios(String file) throws IOException {
        try (InputStream in = StatesPageTest.class.getResourceAsStream("/scenarios/" + file)) {
            List<Map<?, ?>> maps = new ArrayList<>();
            for (Object element : new ObjectMapper(new YAMLFactory()).readValue(in, List.class)) {
                maps.add(new LinkedHashMap<>((Map<?, ?>) element));
            }
            return maps;
        }
    }

    private static String replace(String page, String name, String table) {
        String begin = "<!-- computed: " + name + " -->\n";
        int from = page.indexOf(begin);
        assertTrue(from >= 0, () -> "no mark " + begin);
        int to = page.indexOf("<!-- end -->", from);
        return page.substring(0, from + begin.length()) + table + page.substring(to);
    }
}
