package io.understudy.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * The EAR on two Payara Servers, each started and guarded by {@code understudy node --server}: the
 * same promises as on Payara Micro. After the end of the shared cluster, for the sake of memory.
 */
@Tag("system")
@Order(101)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PayaraServerIT {

    private static final Duration SECONDS = Duration.ofSeconds(10);

    private Cluster cluster;

    @RegisterExtension
    final TestExecutionExceptionHandler keepLogs =
            (context, cause) -> {
                if (cluster != null) {
                    cluster.abandon("server-" + context.getRequiredTestMethod().getName(), cause);
                    cluster = null;
                }
                throw cause;
            };

    @BeforeAll
    void start() throws IOException {
        Assumptions.assumeTrue(Host.obstacle().isEmpty(), Host.obstacle());
        long began = System.nanoTime();
        cluster = Cluster.startedOn(Path.of(System.getProperty("understudy.payara-server")));
        System.out.printf(
                "Payara Server: Normal %d s after nothing%n",
                Duration.ofNanos(System.nanoTime() - began).toSeconds());
    }

    @AfterAll
    void end() {
        if (cluster != null) {
            // Fails if anything was left or had to be killed.
            cluster.close();
        }
    }

    @BeforeEach
    void aClusterIsThere() {
        Assumptions.assumeTrue(cluster != null, "an earlier test ended the cluster");
    }

    @Test
    @Order(1)
    void bothAreServersAndListenOnTheirOwnAddressOnly() throws Exception {
        Set<String> expected = new TreeSet<>();
        for (String node : Layout.NODES) {
            long server = cluster.server(node);
            String command = Files.readString(Path.of("/proc", server + "", "cmdline"));
            assertTrue(command.contains("com.sun.enterprise.glassfish.bootstrap.ASMain"), command);
            // The guard must know the very process: no wrapper in between.
            long parent = ProcessHandle.of(server).orElseThrow().parent().orElseThrow().pid();
            assertEquals(cluster.member(node).launcherProcess(), parent);
            for (int port : List.of(24001, 24002, 24003, 24032, 24080, 4848)) {
                expected.add(cluster.layout().address(node) + ":" + port);
            }
            assertEquals(200, get(cluster.layout().url(node) + "/health/ready"));
            assertEquals(200, get(cluster.layout().url(node) + "/health/live"));
            assertEquals(401, get(cluster.layout().url(node) + "/api/v1/cluster"));
            // The domain's administration asks for a password too.
            assertEquals(
                    401,
                    get("http://" + cluster.layout().address(node) + ":4848/management/domain"));
        }
        Set<String> found = new TreeSet<>();
        for (String node : Layout.NODES) {
            for (long pid : Host.processesOf(cluster.layout().data(node)).keySet()) {
                found.addAll(Host.listeningOf(pid));
            }
        }
        found.removeIf(address -> address.startsWith(cluster.layout().network() + ".100:"));
        assertEquals(expected, found);
    }

    @Test
    @Order(2)
    void killedWithItsDatabaseTheOtherServes() {
        Outages.hold(Fault.KILL_ACTIVE, cluster);
        cluster.bringHome();
    }

    @Test
    @Order(3)
    void startedAgainItRunsTheApplicationThatItHas() throws IOException {
        // The killed one has been started again by its launcher.
        Path run = cluster.layout().data(Layout.ALPHA).resolve("run");
        assertEquals("", Files.readString(run.resolve("postboot.txt")));
    }

    @Test
    @Order(4)
    void hungTheGuardEndsWhatItServes() {
        long postgres = cluster.postgres(cluster.active());
        Outages.hold(Fault.HANG_ACTIVE, cluster);
        Await.until(
                "the guard ended PostgreSQL " + postgres, SECONDS, () -> !Host.isAlive(postgres));
        cluster.awaitWhole(Layout.BETA);
    }

    private static int get(String url) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(SECONDS).build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
