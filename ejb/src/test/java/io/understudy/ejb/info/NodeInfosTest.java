package io.understudy.ejb.info;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.config.NodeFile;
import io.understudy.core.view.ClusterView;
import io.understudy.core.view.InfoView;
import io.understudy.core.view.SavedInfos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeInfosTest {

    @TempDir private Path data;

    @Test
    void eachStartIsCountedAndTheLastStateStays() {
        NodeInfos first = infos();
        first.save();
        SavedInfos saved = NodeInfos.load(data).orElseThrow();
        assertEquals(1, saved.starts());
        assertFalse(saved.stopped());
        assertEquals("alpha", saved.ha().node());
        NodeInfos second = infos();
        second.close();
        saved = NodeInfos.load(data).orElseThrow();
        assertEquals(2, saved.starts());
        assertTrue(saved.stopped());
        assertEquals("1", value(saved.server(), "restarts"));
    }

    @Test
    void aDamagedFileIsNoReasonNotToStart() throws IOException {
        Files.writeString(data.resolve(SavedInfos.FILE), "{\"starts\": 4, ");
        infos().save();
        assertEquals(1, NodeInfos.load(data).orElseThrow().starts());
    }

    @Test
    void whatTheDatabasesOccupyIsCounted() throws IOException {
        Path copy = Files.createDirectories(data.resolve("databases").resolve("nms"));
        Files.write(copy.resolve("base"), new byte[1234]);
        assertEquals("1234", value(infos().server(), "database-disk-bytes"));
    }

    @Test
    void firmwareThatSaysNothingIsNotInvented() throws IOException {
        assertEquals(true, Firmware.machine(data).product().isEmpty());
        Files.writeString(data.resolve("product_name"), "Box 3\n");
        Files.writeString(data.resolve("product_serial"), "None\n");
        assertEquals("Box 3", Firmware.machine(data).product().orElseThrow());
        assertTrue(Firmware.machine(data).serial().isEmpty());
    }

    private static String value(InfoView info, String key) {
        return info.sections().stream()
                .flatMap(s -> s.fields().stream())
                .filter(f -> f.key().equals(key))
                .map(InfoView.Field::value)
                .findFirst()
                .orElseThrow();
    }

    private NodeInfos infos() {
        NodeConfiguration node =
                NodeFile.read(
                                Map.of(
                                        "node.name", "alpha",
                                        "node.role", "primary",
                                        "node.address", "10.77.0.1",
                                        "cluster.name", "campus",
                                        "cluster.members",
                                                "alpha@10.77.0.1,beta@10.77.0.2,w@10.77.0.3"))
                        .orThrow();
        ClusterView view =
                new ClusterView(
                        "campus",
                        "alpha",
                        "1",
                        "2026-11-20T08:30:00Z",
                        "1.1",
                        true,
                        null,
                        List.of(),
                        List.of());
        return new NodeInfos(node, data, () -> view, List::of, Clock.systemUTC());
    }
}
