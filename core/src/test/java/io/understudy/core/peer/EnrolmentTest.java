package io.understudy.core.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Enrolment.Kind;
import io.understudy.core.peer.Enrolment.Word;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnrolmentTest {

    private static final NodeName BETA = NodeName.of("beta");
    private static final NodeName WITNESS = NodeName.of("witness");
    private static final List<NodeName> OTHERS = List.of(BETA, WITNESS);

    /** Words: - silent, v votes, e empty, V votes and knows another disk, E likewise empty. */
    @ParameterizedTest(name = "disk {0}, beta {1}, witness {2}: {3} {4}")
    @CsvSource({
        // A disk that has voted votes, whoever is silent, until somebody knows another.
        "voted, -, -, VOTES, ''",
        "voted, v, e, VOTES, ''",
        "voted, V, -, REFUSED, beta",
        "voted, v, E, REFUSED, witness",
        // A new disk without an operator's word: the first start.
        "new, -, -, WAITS, beta witness",
        "new, e, -, WAITS, witness",
        "new, e, e, LEARNS, ''",
        "new, v, e, LEARNS, ''",
        "new, v, v, LEARNS, ''",
        "new, V, -, REFUSED, beta",
        "new, v, V, REFUSED, witness",
        "new, V, E, REFUSED, beta witness",
        // With it: only from all that have a memory; one memory of three is not enough.
        "recovering, v, v, LEARNS, ''",
        "recovering, v, -, WAITS, witness",
        "recovering, -, -, WAITS, beta witness",
        "recovering, v, e, WAITS_FOR_MEMORY, witness",
        "recovering, e, e, LEARNS, ''",
        "recovering, V, v, REFUSED, beta",
    })
    void theTable(String disk, char beta, char witness, Kind kind, String about) {
        Map<NodeName, Word> words = new HashMap<>();
        put(words, BETA, beta);
        put(words, WITNESS, witness);
        Enrolment decided =
                Enrolment.decide(disk.equals("voted"), disk.equals("recovering"), OTHERS, words);
        List<NodeName> names =
                about.isEmpty()
                        ? List.of()
                        : List.of(about.split(" ")).stream().map(NodeName::of).toList();
        assertEquals(new Enrolment(kind, names), decided);
    }

    /** The invariants, over every combination. */
    @Test
    void noDiskVotesThatCouldHaveForgotten() {
        for (char beta : "-veVE".toCharArray()) {
            for (char witness : "-veVE".toCharArray()) {
                for (boolean recovering : new boolean[] {false, true}) {
                    Map<NodeName, Word> words = new HashMap<>();
                    put(words, BETA, beta);
                    put(words, WITNESS, witness);
                    Kind kind = Enrolment.decide(false, recovering, OTHERS, words).kind();
                    assertNotEquals(Kind.VOTES, kind);
                    String said = "" + beta + witness;
                    if (kind == Kind.LEARNS) {
                        assertEquals(-1, said.indexOf('-'), "all have answered: " + said);
                        assertEquals(said.toLowerCase(), said, "nobody knows another disk");
                    }
                }
            }
        }
    }

    @Test
    void aLonelyVoterNeedsNobody() {
        assertEquals(
                Kind.LEARNS, Enrolment.decide(false, false, new ArrayList<>(), Map.of()).kind());
    }

    private static void put(Map<NodeName, Word> words, NodeName name, char said) {
        if (said != '-') {
            boolean other = Character.isUpperCase(said);
            words.put(name, new Word(other, Character.toLowerCase(said) == 'v'));
        }
    }
}
