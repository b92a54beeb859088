package io.understudy.systemtests.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.understudy.systemtests.Host;
import io.understudy.systemtests.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a fault of the lab's network does, and that nothing of a lab is left. */
class LabWiresTest {

    private static final String[] HOSTS = {"alpha", "beta", "witness", "client"};
    private static final int PORT = 7777;
    private static Lab lab;

    @BeforeAll
    static void make() throws IOException {
        String obstacle = Lab.obstacle();
        assumeTrue(obstacle.isEmpty(), obstacle);
        lab = Lab.make();
        for (String from : HOSTS) {
            for (String to : HOSTS) {
                // Also so that everybody knows everybody's hardware address.
                assertTrue(from.equals(to) || reaches(from, to), from + " to " + to);
            }
        }
    }

    @AfterEach
    void heal() {
        lab.pass();
        for (String host : HOSTS) {
            lab.plug(host);
        }
    }

    @AfterAll
    static void end() throws IOException {
        if (lab != null) {
            lab.close();
            assertFalse(
                    Tool.run("ip netns list")
                            .contains("understudy-lab-" + ProcessHandle.current().pid() + "-"));
        }
    }

    @Test
    void whatIsUnpluggedReachesNobodyUntilItIsPluggedInAgain() {
        lab.unplug("alpha");
        assertFalse(reaches("alpha", "client"));
        assertFalse(reaches("client", "alpha"));
        assertTrue(reaches("beta", "client"));
        lab.plug("alpha");
        assertTrue(reaches("client", "alpha"));
    }

    @Test
    void separatedNodesBothSeeTheRest() {
        lab.separateNodes();
        assertFalse(reaches("alpha", "beta"));
        assertFalse(reaches("beta", "alpha"));
        assertEquals(0, arrive("alpha", "10.78.0.2", "beta", 5));
        for (String other : new String[] {"witness", "client"}) {
            assertTrue(reaches("alpha", other));
            assertTrue(reaches(other, "beta"));
        }
    }

    @Test
    void theMuteHearAndTheDeafSpeak() {
        lab.mute("alpha");
        assertFalse(reaches("alpha", "beta"));
        assertTrue(reaches("beta", "alpha"));
        lab.pass();
        lab.deafen("alpha");
        assertTrue(reaches("alpha", "beta"));
        assertFalse(reaches("beta", "alpha"));
    }

    @Test
    void aFifthIsLost() {
        lab.lose(20);
        // No more at once than a socket's buffer holds.
        int arrived = arrive("client", "10.77.0.1", "alpha", 200);
        assertTrue(arrived > 125 && arrived < 190, arrived + " of 200");
    }

    @Test
    void theNodesHaveANetworkOfTheirOwn() {
        assertEquals(5, arrive("alpha", "10.78.0.2", "beta", 5));
        assertEquals(5, arrive("alpha", "fd00:78::2", "beta", 5));
        assertEquals(5, arrive("client", "fd00:77::2", "beta", 5));
    }

    @Test
    void aThreadIsBackWhereItWas() {
        AtomicReference<Path> there = new AtomicReference<>();
        Path before = network();
        lab.place("alpha").run(() -> there.set(network()));
        assertEquals(before, network());
        assertFalse(before.equals(there.get()));
    }

    @Test
    void whatTheDeadLeftIsSwept() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        String name = "understudy-lab-" + gone.pid() + "-alpha";
        Tool.run("ip netns add " + name);
        Process left =
                new ProcessBuilder("ip", "netns", "exec", name, "setsid", "sleep", "100").start();
        while (new Namespace(name).processes().length == 0) {
            Thread.onSpinWait();
        }
        Namespace.sweep();
        assertFalse(Files.exists(Path.of("/run/netns", name)));
        assertEquals(128 + 9, left.waitFor());
        assertFalse(Host.isAlive(left.pid()));
    }

    private static Path network() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean reaches(String from, String to) {
        int number = List.of(HOSTS).indexOf(to) + 1;
        return arrive(from, "10.77.0." + number, to, 5) == 5;
    }

    /** Sends datagrams and returns how many arrive. */
    private static int arrive(String from, String address, String to, int count) {
        AtomicInteger arrived = new AtomicInteger();
        DatagramSocket sender = socket(lab.place(from), 0);
        try (sender;
                DatagramSocket receiver = socket(lab.place(to), PORT)) {
            receiver.setSoTimeout(300);
            InetSocketAddress target = new InetSocketAddress(InetAddress.getByName(address), PORT);
            byte[] bytes = {1};
            for (int i = 0; i < count; i++) {
                sender.send(new DatagramPacket(bytes, 1, target));
            }
            while (arrived.get() < count) {
                receiver.receive(new DatagramPacket(new byte[1], 1));
                arrived.incrementAndGet();
            }
        } catch (SocketTimeoutException noMore) {
            return arrived.get();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return arrived.get();
    }

    private static DatagramSocket socket(Place place, int port) {
        AtomicReference<DatagramSocket> socket = new AtomicReference<>();
        place.run(
                () -> {
                    try {
                        socket.set(new DatagramSocket(port));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
        return socket.get();
    }
}
