package io.understudy.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.cli.Failure;
import io.understudy.cli.Terminal;
import io.understudy.core.node.NodeName;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PayaraServerTest {

    private static final String ENABLED =
            "set servers.server.server.application-ref.understudy.enabled=";

    @TempDir private Path directory;

    private final Terminal terminal = new Terminal(Map.of(), Locale.ROOT);
    private Path home;
    private Distribution distribution;
    private Path data;

    @BeforeEach
    void make() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        home = directory.resolve("payara6");
        distribution = new Distribution(Files.createDirectory(directory.resolve("dist")));
        Files.writeString(distribution.ear(), "one");
        data = directory.resolve("data");
        Files.writeString(directory.resolve("secret"), "secret");
        Files.write(
                directory.resolve("alpha.properties"),
                List.of(
                        "node.name=alpha",
                        "node.role=primary",
                        "node.address=127.84.3.1",
                        "cluster.name=theatre",
                        "cluster.members=alpha@127.84.3.1,beta@127.84.3.2,witness@127.84.3.3",
                        "http.port=8099",
                        "data.directory=" + data));
        brand("6");
        installAsadmin();
    }

    private void brand(String major) throws IOException {
        Path branding = home.resolve("glassfish/config/branding");
        Files.createDirectories(branding);
        Files.write(
                branding.resolve("glassfish-version.properties"),
                List.of(
                        "product_name=Payara Server",
                        "major_version=" + major,
                        "minor_version=2025",
                        "update_version=10"));
    }

    private void installAsadmin() throws IOException {
        Path jar = Asadmin.jar(home);
        Files.createDirectories(jar.getParent());
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, FakeAsadmin.class.getName());
        String entry = FakeAsadmin.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                InputStream in = FakeAsadmin.class.getClassLoader().getResourceAsStream(entry)) {
            out.putNextEntry(new JarEntry(entry));
            in.transferTo(out);
            out.closeEntry();
        }
    }

    private PayaraServer open(DataDirectory held) {
        NodeSetup setup =
                NodeSetup.read(directory.resolve("alpha.properties"), null, terminal.console());
        return PayaraServer.open(home, setup, distribution, held, terminal.console());
    }

    private DataDirectory hold() {
        return DataDirectory.open(data, NodeName.of("alpha"), terminal.console());
    }

    @Test
    void makesADomainOnceAndAddsTheNodesOptionsBeforeTheMainClass() throws IOException {
        try (DataDirectory held = hold()) {
            List<String> command = open(held).command();
            int main = command.indexOf("com.sun.enterprise.glassfish.bootstrap.ASMain");
            int file = command.indexOf("-Dunderstudy.node.file=" + directory + "/alpha.properties");
            assertTrue(file > 0 && file < main, command.toString());
            assertTrue(command.indexOf("-Xmx512m") < main, command.toString());
            assertEquals(Distribution.java(), command.get(Distribution.ownSession().size()));
            assertEquals("true", command.get(command.size() - 1), command.toString());
            // The domain names a collector; two would end the virtual machine.
            assertFalse(command.contains("-XX:+UseSerialGC"), command.toString());
            assertTrue(command.contains("-XX:+UseG1GC"), command.toString());
            Path domain = data.resolve("server/alpha/config/domain.xml");
            assertTrue(Files.readString(domain).contains("<jms-service type=\"REMOTE\""));
            Path passwords = data.resolve("server/passwords");
            String password = Files.readString(passwords);
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(passwords)));
            open(held);
            assertEquals(password, Files.readString(passwords));
        }
    }

    @Test
    void deploysAtFirstAndAgainOnlyWhenTheApplicationIsAnother() throws IOException {
        try (DataDirectory held = hold()) {
            PayaraServer server = open(held);
            server.command();
            String post = Files.readString(held.run().resolve("postboot.txt")).strip();
            assertTrue(post.startsWith("deploy ") && post.endsWith("understudy.ear"), post);
            String digest = post.replaceAll(".*understudy.digest=([0-9a-f]{64}) .*", "$1");

            // As Payara writes it after the deployment.
            Path domain = data.resolve("server/alpha/config/domain.xml");
            String made = Files.readString(domain);
            Files.writeString(
                    domain,
                    made
                            + "<property name=\"understudy.digest\" value=\""
                            + digest
                            + "\"/><application-ref ref=\"understudy\"/>");
            server.command();
            assertEquals("", Files.readString(held.run().resolve("postboot.txt")));
            assertTrue(preboot(held).contains(ENABLED + "true"));

            Files.writeString(distribution.ear(), "two");
            server.command();
            assertTrue(preboot(held).contains(ENABLED + "false"));
            assertFalse(Files.readString(held.run().resolve("postboot.txt")).contains(digest));

            // Undeployed by hand.
            Files.writeString(domain, made);
            server.command();
            assertFalse(preboot(held).toString().contains(ENABLED));
        }
    }

    private static List<String> preboot(DataDirectory held) throws IOException {
        return Files.readAllLines(held.run().resolve("preboot.txt"));
    }

    @Test
    void refusesWhatIsNoPayaraServerOrAnother() throws IOException {
        try (DataDirectory held = hold()) {
            brand("5");
            String version = assertThrows(Failure.class, () -> open(held)).getMessage();
            assertTrue(version.contains("5.2025.10"), version);
            home = directory.resolve("elsewhere");
            String missing = assertThrows(Failure.class, () -> open(held)).getMessage();
            assertTrue(missing.contains(home.toString()), missing);
            assertFalse(Files.exists(data.resolve("server")));
        }
    }

    @Test
    void aDomainThatCannotBeMadeLeavesNone() throws IOException {
        try (DataDirectory held = hold()) {
            Files.writeString(home.resolve("broken"), "");
            String failed = assertThrows(Failure.class, () -> open(held)).getMessage();
            assertTrue(failed.contains("no keys today"), failed);
            assertFalse(Files.exists(data.resolve("server/alpha")));
            Files.delete(home.resolve("broken"));
            open(held);
            assertTrue(Files.exists(data.resolve("server/alpha")));
        }
    }
}
