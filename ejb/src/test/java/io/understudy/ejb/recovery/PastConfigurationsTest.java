package io.understudy.ejb.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.cluster.configuration.Document;
import io.understudy.cluster.configuration.Version;
import io.understudy.cluster.document.YamlDocument;
import io.understudy.core.config.Surroundings;
import io.understudy.core.node.NodeName;
import io.understudy.ejb.control.ErrorCode;
import io.understudy.ejb.control.RefusedException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PastConfigurationsTest {

    private static final String TEXT =
            "group: campus\nnodes: [alpha, beta]\ninstances:\n- name: nms\n";

    private final PastConfigurations past =
            new PastConfigurations(
                    text ->
                            YamlDocument.groups(text, Surroundings.unknown())
                                    .value()
                                    .orElse(List.of()));

    private static Document document(long revision, String author, String text) {
        return new Document(
                new Version(1, revision),
                "id" + revision,
                text,
                author,
                NodeName.of("alpha"),
                "2026-11-20T10:00:00Z");
    }

    @Test
    void tellsWhoChangedWhatSinceTheVersionSeen() {
        past.keep(document(1, "ann", TEXT));
        Document second = document(2, "bob", TEXT + "failover: manual\n");
        past.keep(second);

        RefusedException refusal = past.changed("1.1", Optional.of(second));

        assertEquals(ErrorCode.CONFIGURATION_CHANGED, refusal.code());
        assertEquals(
                "Configuration 1.2 is in force, not 1.1; bob applied it on alpha at"
                        + " 2026-11-20T10:00:00Z. Changed since: ~ campus.failover: automatic ->"
                        + " manual.",
                refusal.getMessage());
    }

    @Test
    void tellsWhoWhereTheVersionSeenIsForgotten() {
        Document only = document(9, "bob", TEXT);
        past.keep(only);

        assertEquals(
                "Configuration 1.9 is in force, not 1.3; bob applied it on alpha at"
                        + " 2026-11-20T10:00:00Z.",
                past.changed("1.3", Optional.of(only)).getMessage());
    }
}
