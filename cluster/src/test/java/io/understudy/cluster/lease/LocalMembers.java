package io.understudy.cluster.lease;

import com.hazelcast.core.HazelcastInstance;
import io.understudy.cluster.witness.PlainMember;
import io.understudy.core.node.NodeName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Three Hazelcast members in this JVM, alpha, beta and witness, on loopback addresses. */
public final class LocalMembers implements AutoCloseable {

    /** Names in the order of the addresses. */
    public static final List<NodeName> NAMES =
            List.of(NodeName.of("alpha"), NodeName.of("beta"), NodeName.of("witness"));

    // Held so that the level is not collected with an unreferenced logger.
    private static final Logger HAZELCAST = Logger.getLogger("com.hazelcast");

    private final List<PlainMember> plans;
    private final List<HazelcastInstance> instances = new ArrayList<>();

    /** Starts nothing yet; picks a free port. */
    public LocalMembers() {
        this(freePort());
    }

    /** Starts nothing yet; the members will use {@code port}. */
    public LocalMembers(int port) {
        HAZELCAST.setLevel(Level.SEVERE);
        List<String> members =
                IntStream.rangeClosed(1, 3)
                        .mapToObj(i -> address(i) + ":" + port)
                        .collect(Collectors.toList());
        plans =
                IntStream.range(0, 3)
                        .mapToObj(
                                i ->
                                        new PlainMember(
                                                "test-" + port,
                                                NAMES.get(i),
                                                i == 2 ? "witness" : "primary",
                                                address(i + 1),
                                                port,
                                                members))
                        .toList();
    }

    /** Returns the addresses of the three by name. */
    public static Map<NodeName, String> hosts() {
        Map<NodeName, String> hosts = new LinkedHashMap<>();
        for (int i = 0; i < NAMES.size(); i++) {
            hosts.put(NAMES.get(i), address(i + 1));
        }
        return hosts;
    }

    /** Returns how member {@code index} (0 to 2) is to be started. */
    public PlainMember plan(int index) {
        return plans.get(index);
    }

    /** Starts all three and waits until the consensus store has met. */
    public LocalMembers start() {
        plans.forEach(plan -> instances.add(plan.start()));
        for (HazelcastInstance instance : instances) {
            eventually(
                    Duration.ofSeconds(30),
                    "the voters have met",
                    () ->
                            instance.getCPSubsystem()
                                    .getCPSubsystemManagementService()
                                    .isDiscoveryCompleted());
        }
        return this;
    }

    /** Returns the running member {@code index} (0 to 2). */
    public HazelcastInstance get(int index) {
        return instances.get(index);
    }

    /** Ends member {@code index} without a goodbye. */
    public void kill(int index) {
        instances.get(index).getLifecycleService().terminate();
    }

    @Override
    public void close() {
        instances.forEach(instance -> instance.getLifecycleService().terminate());
    }

    /** Waits for {@code condition}, asking every 20 ms. */
    public static void eventually(Duration limit, String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new AssertionError("not within " + limit + ": " + what);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
    }

    private static String address(int number) {
        return "127.81.1." + number;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(address(1)), 0));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError("no free port on " + address(1), e);
        }
    }
}
