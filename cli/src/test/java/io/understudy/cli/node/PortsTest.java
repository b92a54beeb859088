package io.understudy.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.cli.Failure;
import io.understudy.cli.Terminal;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.node.NodeName;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PortsTest {

    private static final String ADDRESS = "127.84.2.1";
    private static final int PORT = 23001;

    private final Terminal terminal = new Terminal(Map.of(), Locale.ROOT);

    @Test
    void freePortsAreFree() {
        Ports.check(node(ADDRESS), terminal.console());
    }

    @Test
    void namesEachPortThatIsTakenAndWhoHasIt() throws IOException {
        InetAddress address = InetAddress.getByName(ADDRESS);
        try (ServerSocket tcp = new ServerSocket(PORT + 2, 1, address);
                DatagramSocket udp = new DatagramSocket(new InetSocketAddress(address, PORT + 1))) {
            assertTrue(tcp.isBound() && udp.isBound());
            Failure refused =
                    assertThrows(
                            Failure.class, () -> Ports.check(node(ADDRESS), terminal.console()));
            assertEquals(2, refused.details().size(), refused.details().toString());
            String pid = Long.toString(ProcessHandle.current().pid());
            assertTrue(refused.details().get(0).startsWith("UDP port 23002"), pid);
            assertTrue(refused.details().get(1).startsWith("TCP port 23003"), pid);
            assertTrue(refused.details().get(1).endsWith(pid), refused.details().get(1));
        }
    }

    @Test
    void namesAnAddressThatThisHostDoesNotHave() {
        Failure refused =
                assertThrows(
                        Failure.class, () -> Ports.check(node("192.0.2.1"), terminal.console()));
        assertEquals(5, refused.details().size());
    }

    private static NodeConfiguration node(String address) {
        return new NodeConfiguration(
                NodeName.of("alpha"),
                NodeConfiguration.Role.PRIMARY,
                address,
                Optional.empty(),
                "test",
                List.of(),
                PORT,
                "secret",
                PORT + 79,
                PORT + 42,
                "data");
    }
}
