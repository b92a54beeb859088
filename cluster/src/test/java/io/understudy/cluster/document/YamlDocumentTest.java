package io.understudy.cluster.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.config.Checked;
import io.understudy.core.config.GroupConfiguration;
import io.understudy.core.config.GroupFile;
import io.understudy.core.config.Problem;
import io.understudy.core.config.Surroundings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class YamlDocumentTest {

    private static final String CONTRACT =
            """
            group: campus
            description: Campus services
            nodes: [alpha, beta]              # home first
            assignment: active-standby
            timers: fast
            failover: automatic
            fallback: manual
            instances:
              - name: nms
                home: alpha
                addresses: ["10.77.0.100/24 dev eth0"]
                services:
                  - name: web
                    kind: process
                    start: ["python3", "-m", "http.server", "8000"]
                    probe: { http: "http://127.0.0.1:8000/" }
                    critical: true
                    delay: 5s
                databases:
                  - name: nms
                    engine: postgresql
                    protection: synchronous
            """;

    private static List<Problem> problemsOf(String text) {
        return YamlDocument.groups(text, Surroundings.unknown()).problems();
    }

    @Test
    void readsTheGroupOfTheContract() {
        GroupConfiguration group =
                YamlDocument.groups(CONTRACT, Surroundings.unknown()).orThrow().get(0);
        assertEquals("campus", group.name());
        assertEquals("nms", group.instances().get(0).databases().get(0).name());
    }

    @Test
    void writesWhatItReadsBack() {
        GroupConfiguration group =
                YamlDocument.groups(CONTRACT, Surroundings.unknown()).orThrow().get(0);
        String text = YamlDocument.write(GroupFile.toTree(group));
        assertEquals(
                List.of(group), YamlDocument.groups(text, Surroundings.unknown()).orThrow(), text);
    }

    @Test
    void keepsPlainTypes() {
        Object tree =
                YamlDocument.parse("a: 1\nb: 1.5\nc: true\nd: ~\ne: '1'\nf: [x, {g: h}]\n")
                        .orThrow()
                        .tree();
        Map<?, ?> map = (Map<?, ?>) tree;
        assertEquals(1, map.get("a"));
        assertEquals(1.5, ((Number) map.get("b")).doubleValue());
        assertEquals(true, map.get("c"));
        assertNull(map.get("d"));
        assertEquals("1", map.get("e"));
        assertEquals(List.of("x", Map.of("g", "h")), map.get("f"));
        assertEquals(tree, YamlDocument.parse(YamlDocument.write(tree)).orThrow().tree());
    }

    @Test
    void quotesWhatWouldChangeItsType() {
        List<Object> tree =
                new ArrayList<>(
                        Arrays.asList(
                                "1",
                                "true",
                                "null",
                                "~",
                                "",
                                "0x1f",
                                "1e3",
                                "a: b",
                                "- x",
                                "*x",
                                "&y",
                                "#z",
                                " lead",
                                "line\nbreak",
                                "é",
                                "yes",
                                null,
                                7,
                                false));
        assertEquals(tree, YamlDocument.parse(YamlDocument.write(tree)).orThrow().tree());
    }

    @Test
    void namesTheLineOfEveryProblem() {
        String text = CONTRACT.replace("critical: true", "critcal: true").replace("5s", "5");
        assertEquals(
                List.of(
                        "instances[0].services[0].delay (line 18)",
                        "instances[0].services[0].critcal (line 17)"),
                problemsOf(text).stream().map(Problem::field).toList());
    }

    @Test
    void refusesKeysGivenTwice() {
        List<Problem> problems = problemsOf("group: a\nnodes: [x, y]\ngroup: b\n");
        assertEquals(
                "line 3 has the key 'group' a second time: keep one of the two",
                problems.get(0).sentence());
    }

    @Test
    void refusesBrokenSyntax() {
        Problem problem = problemsOf("group: a\nnodes: [x\ninstances: }\n").get(0);
        assertTrue(problem.field().matches("line [23]"), problem::sentence);
        assertTrue(problem.problem().startsWith("is no YAML"), problem::sentence);
    }

    @Test
    void refusesAnchorsAndAliases() {
        assertEquals("line 2", problemsOf("group: &a x\nb: *a\n").get(0).field());
        assertEquals("line 1", problemsOf("group: &a [x]\n").get(0).field());
        assertEquals("line 2", problemsOf("group: a\nb: *c\n").get(0).field());
    }

    @Test
    void refusesDepthsNobodyWrites() {
        Checked<YamlDocument> deep = YamlDocument.parse("[".repeat(100) + "]".repeat(100));
        assertTrue(deep.problems().get(0).problem().startsWith("is no YAML"));
    }

    @Test
    void readsSeveralDocuments() {
        String second =
                CONTRACT.replace("campus", "lab")
                        .replace("alpha", "gamma")
                        .replace("beta", "delta")
                        .replace("nms", "lims")
                        .replace(".100/", ".101/");
        assertEquals(
                2,
                YamlDocument.groups(CONTRACT + "---\n" + second, Surroundings.unknown())
                        .orThrow()
                        .size());
        List<Problem> problems = problemsOf(CONTRACT + "---\n" + second.replace("delta", "gamma"));
        assertEquals("[1].nodes[1] (line 26)", problems.get(0).field());
    }

    @Test
    void refusesAnEmptyText() {
        assertEquals("is empty", problemsOf("# nothing\n").get(0).problem());
    }
}
