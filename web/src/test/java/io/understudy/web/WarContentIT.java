package io.understudy.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** What the finished WAR carries, and what it must leave to the server. */
class WarContentIT {

    private static final List<String> OURS =
            List.of("understudy-core-", "understudy-cluster-", "understudy-ejb-");

    private static final List<String> SERVERS_OWN =
            List.of(
                    "jackson",
                    "hazelcast",
                    "jakarta",
                    "javax",
                    "microprofile",
                    "jersey",
                    "snakeyaml");

    private static List<String> libraries() throws IOException {
        try (ZipFile war = new ZipFile("target/understudy.war")) {
            return war.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith("WEB-INF/lib/") && name.endsWith(".jar"))
                    .map(name -> name.substring("WEB-INF/lib/".length()))
                    .toList();
        }
    }

    @Test
    void carriesOurModulesOnce() throws IOException {
        for (String module : OURS) {
            long count = libraries().stream().filter(name -> name.startsWith(module)).count();
            assertEquals(1, count, module + " in " + libraries());
        }
        assertTrue(libraries().stream().anyMatch(name -> name.startsWith("postgresql-")));
    }

    @Test
    void leavesToTheServerWhatIsTheServers() throws IOException {
        List<String> twice =
                libraries().stream()
                        .filter(name -> SERVERS_OWN.stream().anyMatch(name::startsWith))
                        .toList();
        assertEquals(
                List.of(),
                twice,
                "Give these the scope 'provided', or exclude them where they come along:");
    }
}
