package io.understudy.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.understudy.cli.Terminal;
import io.understudy.cli.node.Distribution;
import io.understudy.cli.node.NodeSetup;
import io.understudy.core.config.Checked;
import io.understudy.core.config.GroupConfiguration;
import io.understudy.core.config.GroupFile;
import io.understudy.core.config.Probe;
import io.understudy.core.config.ServiceConfiguration;
import io.understudy.core.config.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the demo writes is what a node accepts. */
class DemoLayoutTest {

    @TempDir private Path directory;
    private Distribution distribution;
    private DemoLayout layout;

    @BeforeEach
    void open() throws IOException {
        distribution = new Distribution(directory.resolve("dist"));
        Files.createDirectories(distribution.home().resolve("lib").resolve("cli"));
        layout = new DemoLayout(directory, "127.84.3", 22000);
    }

    @Test
    void nodeFilesAndGroupFileAreGood() throws IOException {
        layout.write(distribution, List.of());
        NodeSetup alpha = setup("alpha");
        assertEquals("http://127.84.3.1:22080", alpha.url());
        assertEquals(layout.data("alpha"), alpha.data());
        assertEquals(directory.resolve("secret"), alpha.secret());
        setup("beta");
        setup("witness");
        ServiceConfiguration service = service(alpha);
        assertEquals(new Probe.Http("http://127.84.3.100:22088/health"), service.probe());
    }

    @Test
    void theUsersCommandRunsAsItIs() throws IOException {
        List<String> command = List.of("sh", "-c", "echo \"a: b\" 'c' \\ #d; sleep 100");
        layout.write(distribution, command);
        ServiceConfiguration service = service(setup("beta"));
        assertEquals(command, service.start());
        assertEquals(new Probe.Alive(), service.probe());
    }

    @Test
    void aKeptDemoKeepsItsSecret() throws IOException {
        layout.write(distribution, List.of());
        String secret = Files.readString(directory.resolve("secret"));
        layout.write(distribution, List.of());
        assertEquals(secret, Files.readString(directory.resolve("secret")));
    }

    private NodeSetup setup(String member) {
        return NodeSetup.read(
                layout.nodeFile(member), null, new Terminal(Map.of(), Locale.ROOT).console());
    }

    private ServiceConfiguration service(NodeSetup node) throws IOException {
        Object tree = new YAMLMapper().readValue(layout.groupFile().toFile(), Object.class);
        Checked<List<GroupConfiguration>> groups =
                GroupFile.read(tree, Surroundings.of(node.node(), List.of()));
        assertTrue(groups.isGood(), groups.problems().toString());
        return groups.orThrow().get(0).instances().get(0).services().get(0);
    }
}
