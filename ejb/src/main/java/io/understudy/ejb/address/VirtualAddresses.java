package io.understudy.ejb.address;

import io.understudy.core.address.Arrival;
import io.understudy.core.address.Confirmation;
import io.understudy.core.address.Rivalry;
import io.understudy.core.address.WireReport.Rival;
import io.understudy.core.config.InstanceConfiguration;
import io.understudy.core.config.VirtualAddress;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.node.NodeName;
import io.understudy.core.service.ServiceFacts;
import io.understudy.core.time.Moment;
import io.understudy.core.view.ClusterView;
import io.understudy.ejb.guard.GuardLink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The addresses of one instance on this node. The guard has them come and go; they are here when
 * the kernel says so. Used by one thread at a time, but where said.
 */
public final class VirtualAddresses {

    private static final int NET_ADMIN = 12;
    private static final long LOOK = 5_000_000L;

    private final InstanceName instance;
    private final GuardLink guard;
    private final LongSupplier nanos;
    private volatile Optional<Moment> hereSince = Optional.empty();
    private final Runnable came;
    private final Map<VirtualAddress, Arrival> here = new ConcurrentHashMap<>();

    /**
     * @param guard installs and removes them
     * @param nanos the monotonic clock
     * @param came run when they have come; must not block
     */
    public VirtualAddresses(
            InstanceName instance, GuardLink guard, LongSupplier nanos, Runnable came) {
        this.instance = instance;
        this.guard = guard;
        this.nanos = nanos;
        this.came = came;
    }

    /** Returns the addresses that are installed, and what is known of each. Any thread. */
    public Map<VirtualAddress, Arrival> here() {
        return Map.copyOf(here);
    }

    /**
     * Returns when the last of the addresses was confirmed; empty: not all are, or none is here.
     */
    public Optional<Moment> confirmed() {
        List<Optional<Moment>> all = here.values().stream().map(Arrival::confirmed).toList();
        return all.stream().allMatch(Optional::isPresent)
                ? all.stream().flatMap(Optional::stream).max(Comparator.naturalOrder())
                : Optional.empty();
    }

    /** Notes what became known of an address, if it is still here by the same arrival. */
    public boolean found(VirtualAddress address, Arrival before, Arrival after) {
        return here.replace(address, before, after);
    }

    /** Returns the addresses that are installed, for people. Any thread. */
    public List<ClusterView.Address> views(NodeName self, Moment now) {
        Map<VirtualAddress, String> rivals =
                guard.heard().rivals().stream()
                        .filter(r -> Rivalry.isShown(r, now.nanos()))
                        .collect(Collectors.toMap(Rival::address, Rival::mac, (a, b) -> a));
        return here.entrySet().stream()
                .map(e -> view(e.getKey(), e.getValue(), self, now, rivals.get(e.getKey())))
                .sorted(Comparator.comparing(ClusterView.Address::address))
                .toList();
    }

    private static ClusterView.Address view(
            VirtualAddress address, Arrival arrival, NodeName self, Moment now, String rival) {
        Optional<Confirmation> last = arrival.last();
        return new ClusterView.Address(
                address.toString(),
                self.value(),
                now.since(arrival.since()).toMillis(),
                last.map(c -> c.verdict().name()).orElse("PENDING"),
                last.flatMap(Confirmation::by).map(NodeName::value).orElse(null),
                last.flatMap(Confirmation::mac).orElse(null),
                arrival.confirmed().map(c -> c.since(arrival.since()).toMillis()).orElse(null),
                rival,
                last.map(Confirmation::why).filter(why -> !why.isEmpty()).orElse(null));
    }

    /** Returns what keeps the addresses from this host: nothing, or one failed fact. */
    public List<ServiceFacts> facts(InstanceConfiguration configured) {
        return HostFitness.facts(configured, guard);
    }

    /** Has these ports open to other hosts only while the lease holds, whoever serves. */
    public void guardPorts(List<Integer> ports) {
        guard.ports(instance, ports);
    }

    /** Returns how the guarded ports are; empty where none are to be. Any thread. */
    public Optional<ClusterView.Ports> portView(
            List<Integer> ports, NodeName self, boolean mayServe) {
        if (ports.isEmpty()) {
            return Optional.empty();
        }
        String problem = guard.guarded() ? guard.heard().ports() : "no guard listens";
        String state = !problem.isEmpty() ? "OFF" : mayServe ? "OPEN" : "CLOSED";
        return Optional.of(
                new ClusterView.Ports(
                        self.value(), ports, state, problem.isEmpty() ? null : problem));
    }

    /** Has the wire asked who has the addresses, which are about to come; waits for nothing. */
    public void expect(List<String> texts) {
        guard.probe(parse(texts));
    }

    /**
     * Has the addresses come; returns when all are on their interfaces.
     *
     * @param texts as in the group file; none is well
     * @param limit how long they may take
     * @throws AddressException if one is not there by then, or no guard would take it away again
     * @throws InterruptedException if the thread is interrupted
     */
    public void take(List<String> texts, Duration limit)
            throws AddressException, InterruptedException {
        if (texts.isEmpty()) {
            return;
        }
        List<VirtualAddress> wanted = parse(texts);
        if (!guard.guarded()) {
            throw new AddressException(
                    "the addresses of "
                            + instance
                            + " are not installed: no guard would take them away with the lease;"
                            + " start the node by 'understudy node'");
        }
        guard.addresses(instance, wanted);
        List<VirtualAddress> missing = await(wanted, true, limit);
        if (!missing.isEmpty()) {
            guard.noAddresses(instance);
            throw new AddressException(
                    "the guard could not install "
                            + list(missing)
                            + " within "
                            + limit.toMillis()
                            + " ms; does the interface exist on this host, and may the node change"
                            + " addresses (CAP_NET_ADMIN)? The launcher's log names the cause");
        }
        // The guard announces an address when it installs it.
        Moment now = new Moment(nanos.getAsLong());
        hereSince = Optional.of(now);
        here.keySet().retainAll(wanted);
        wanted.forEach(address -> here.put(address, Arrival.at(now)));
        came.run();
    }

    /**
     * Has the addresses go; returns when none is left.
     *
     * @param texts as in the group file
     * @param limit how long they may take
     * @throws AddressException if one is still there
     * @throws InterruptedException if the thread is interrupted
     */
    public void drop(List<String> texts, Duration limit)
            throws AddressException, InterruptedException {
        if (texts.isEmpty() || !guard.guarded()) {
            return;
        }
        here.clear();
        guard.noAddresses(instance);
        hereSince = Optional.empty();
        List<VirtualAddress> wanted = parse(texts);
        List<VirtualAddress> left = await(wanted, false, limit);
        if (!left.isEmpty()) {
            throw new AddressException(
                    list(left) + " is still on this host; look at 'ip address' and remove it");
        }
    }

    /**
     * Returns since when all addresses are here and announced, by the monotonic clock; empty where
     * none are. Any thread.
     */
    public Optional<Moment> hereSince() {
        return hereSince;
    }

    private List<VirtualAddress> await(List<VirtualAddress> wanted, boolean here, Duration limit)
            throws InterruptedException {
        long end = nanos.getAsLong() + limit.toNanos();
        while (true) {
            List<VirtualAddress> wrong = wanted.stream().filter(a -> isHere(a) != here).toList();
            if (wrong.isEmpty() || nanos.getAsLong() - end > 0) {
                return wrong;
            }
            LockSupport.parkNanos(LOOK);
            if (Thread.interrupted()) {
                throw new InterruptedException("waiting for " + list(wrong));
            }
        }
    }

    private static List<VirtualAddress> parse(List<String> texts) {
        return texts.stream().map(t -> VirtualAddress.parse(t).orElseThrow()).toList();
    }

    private static String list(List<VirtualAddress> addresses) {
        return addresses.stream().map(VirtualAddress::toString).collect(Collectors.joining(", "));
    }

    /** Returns whether this process, and so its guard, may change addresses (capabilities(7)). */
    public static boolean permitted() {
        return Permission.GIVEN;
    }

    /** Asked for all the time; a process keeps what it was started with. */
    private static final class Permission {
        private static final boolean GIVEN = read();
    }

    private static boolean read() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("CapEff:"))
                    .map(line -> Long.parseUnsignedLong(line.substring(7).trim(), 16))
                    .anyMatch(set -> (set >> NET_ADMIN & 1) == 1);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Returns the hardware address of the address's interface, lower case with colons; empty where
     * there is none, as on the loopback.
     */
    public static Optional<String> hardwareAddress(VirtualAddress address) {
        try {
            NetworkInterface device = NetworkInterface.getByName(address.device());
            byte[] mac = device == null ? null : device.getHardwareAddress();
            return Optional.ofNullable(mac)
                    .map(bytes -> HexFormat.ofDelimiter(":").formatHex(bytes));
        } catch (SocketException e) {
            return Optional.empty();
        }
    }

    /** Returns whether this host has the address's interface. */
    static boolean hasDevice(VirtualAddress address) {
        try {
            return NetworkInterface.getByName(address.device()) != null;
        } catch (SocketException e) {
            return false;
        }
    }

    /** Returns whether the kernel has the address on its interface now. */
    public static boolean isHere(VirtualAddress address) {
        try {
            NetworkInterface device = NetworkInterface.getByName(address.device());
            byte[] bytes = address.address().bytes();
            return device != null
                    && device.inetAddresses()
                            .map(InetAddress::getAddress)
                            .anyMatch(a -> Arrays.equals(a, bytes));
        } catch (SocketException e) {
            return false;
        }
    }
}
