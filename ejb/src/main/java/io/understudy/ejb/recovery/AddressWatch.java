package io.understudy.ejb.recovery;

import io.understudy.cluster.heartbeat.Heartbeat;
import io.understudy.cluster.neighbour.MemberLinks;
import io.understudy.cluster.neighbour.Neighbours;
import io.understudy.cluster.peer.PeerClient;
import io.understudy.core.address.Arrival;
import io.understudy.core.address.Confirmation;
import io.understudy.core.address.Confirmation.Seen;
import io.understudy.core.address.Confirmation.Verdict;
import io.understudy.core.address.Rivalry;
import io.understudy.core.address.WireReport.Rival;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.config.VirtualAddress;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.peer.PeerFacts;
import io.understudy.core.time.Moment;
import io.understudy.ejb.address.HostFitness;
import io.understudy.ejb.address.VirtualAddresses;
import io.understudy.ejb.beat.Beat;
import io.understudy.ejb.guard.GuardLink;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Looks after the addresses of the instances here: whether they could come, and whether those that
 * have come are reached, by what other members find on the wire.
 */
final class AddressWatch {

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /** So many members are asked; one that can say is enough. */
    private static final int ASKED = 3;

    private final Heartbeat heartbeat;
    private final PeerClient client;
    private final MemberLinks neighbours;
    private final GuardLink guard;
    private final Happenings happenings;
    private final ScheduledExecutorService timer;
    private final Executor workers;
    private final LongSupplier nanos;
    private final AtomicBoolean looking = new AtomicBoolean();
    private final Map<InstanceName, String> told = new ConcurrentHashMap<>();
    private final Map<VirtualAddress, Due> due = new ConcurrentHashMap<>();
    private final Map<InstanceName, String> unguarded = new ConcurrentHashMap<>();
    private final Map<VirtualAddress, Rivalry> rivals = new ConcurrentHashMap<>();
    private volatile Recoveries recoveries;

    /** When an arrival is to be asked about; a question under way is never due. */
    private record Due(Moment since, Moment at) {}

    /**
     * @param timer must not be held up
     * @param workers do what may take a moment
     */
    AddressWatch(
            NodeConfiguration node,
            Heartbeat heartbeat,
            PeerClient client,
            GuardLink guard,
            Happenings happenings,
            ScheduledExecutorService timer,
            Executor workers,
            LongSupplier nanos) {
        this.heartbeat = heartbeat;
        this.client = client;
        this.neighbours = new MemberLinks(node);
        this.guard = guard;
        this.happenings = happenings;
        this.timer = timer;
        this.workers = workers;
        this.nanos = nanos;
    }

    /** Begins to look at the instances of {@code all}, every second and when asked to. */
    void start(Recoveries all) {
        recoveries = all;
        Beat.every(timer, LOOK_EVERY, this::soon);
    }

    /** Looks now, on a worker; any thread. */
    void soon() {
        if (recoveries == null || !looking.compareAndSet(false, true)) {
            return;
        }
        try {
            workers.execute(
                    () -> {
                        looking.set(false);
                        look();
                    });
        } catch (RejectedExecutionException full) {
            looking.set(false);
        }
    }

    private synchronized void look() {
        Map<InstanceName, InstanceLoop> loops = recoveries.loops();
        told.keySet().retainAll(loops.keySet());
        if (loops.values().stream().anyMatch(AddressWatch::isReached)) {
            guard.look();
        }
        loops.forEach(
                (name, loop) -> {
                    InstanceParts parts = loop.parts();
                    if (parts != null) {
                        fitness(name, parts);
                        ports(name, parts);
                        rivals(name, parts.addresses());
                        parts.addresses()
                                .here()
                                .forEach(
                                        (a, arrival) -> reach(name, parts.addresses(), a, arrival));
                    }
                });
    }

    private static boolean isReached(InstanceLoop loop) {
        InstanceParts parts = loop.parts();
        return parts != null
                && !(parts.wanted().addresses().isEmpty() && parts.wanted().ports().isEmpty());
    }

    /** Whether the addresses could come here: said when this node starts, and when it changes. */
    private void fitness(InstanceName name, InstanceParts parts) {
        Optional<String> problem = HostFitness.problem(parts.wanted(), guard);
        String before = told.getOrDefault(name, "");
        if (!problem.orElse("").equals(before)) {
            told.put(name, problem.orElse(""));
            happenings.addressesPossible(name, problem);
        }
    }

    /** Whether the kernel guards the ports: said when it does not, once per reason. */
    private void ports(InstanceName name, InstanceParts parts) {
        String problem = parts.wanted().ports().isEmpty() ? "" : guard.heard().ports();
        String before = unguarded.put(name, problem);
        if (!problem.isEmpty() && !problem.equals(before)) {
            happenings.portsNotGuarded(name, parts.wanted().ports(), problem);
        }
    }

    /** Who else claims an address that is here, by the guard's last word. */
    private void rivals(InstanceName instance, VirtualAddresses of) {
        Set<VirtualAddress> here = of.here().keySet();
        for (Rival rival : guard.heard().rivals()) {
            boolean news =
                    here.contains(rival.address())
                            && Rivalry.isNews(
                                    Optional.ofNullable(rivals.get(rival.address())), rival);
            if (news) {
                rivals.put(rival.address(), new Rivalry(rival.mac(), rival.nanos()));
                happenings.addressRival(
                        instance,
                        rival,
                        neighbours.memberAt(rival.mac()).map(NodeName::value).orElse(null));
                recoveries.changed();
            }
        }
    }

    private void reach(
            InstanceName instance, VirtualAddresses of, VirtualAddress address, Arrival arrival) {
        Due last = due.get(address);
        boolean known = last != null && last.since().equals(arrival.since());
        if (known && now().isBefore(last.at())) {
            return;
        }
        due.put(address, new Due(arrival.since(), now().plus(Neighbours.LIMIT.multipliedBy(2))));
        Optional<String> mac = VirtualAddresses.hardwareAddress(address);
        if (mac.isEmpty()) {
            Confirmation unknown =
                    new Confirmation(
                            Verdict.UNKNOWN,
                            Optional.empty(),
                            Optional.empty(),
                            address.device() + " leads to no other host");
            found(instance, of, address, arrival, unknown);
            return;
        }
        List<CompletableFuture<Seen>> asked =
                members(instance).stream()
                        .map(
                                m ->
                                        Neighbours.ask(client, m, address.address())
                                                .toCompletableFuture())
                        .toList();
        CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenRunAsync(
                        () ->
                                found(
                                        instance,
                                        of,
                                        address,
                                        arrival,
                                        Confirmation.of(
                                                mac.get(),
                                                asked.stream()
                                                        .map(CompletableFuture::join)
                                                        .toList())),
                        workers);
    }

    /** The other node of the pair first, then whoever is heard. */
    private List<NodeName> members(InstanceName instance) {
        Optional<NodeName> partner =
                recoveries
                        .loop(instance)
                        .filter(l -> !l.settings().alone())
                        .map(l -> l.settings().peer());
        return heartbeat.facts().stream()
                .filter(f -> f.contact() == Contact.HEARD)
                .map(PeerFacts::name)
                .sorted(
                        (a, b) ->
                                Boolean.compare(
                                        partner.equals(Optional.of(b)),
                                        partner.equals(Optional.of(a))))
                .limit(ASKED)
                .toList();
    }

    private void found(
            InstanceName instance,
            VirtualAddresses of,
            VirtualAddress address,
            Arrival arrival,
            Confirmation finding) {
        Moment now = now();
        Arrival.Outcome outcome = arrival.found(finding, now);
        if (!of.found(address, arrival, outcome.arrival())) {
            // It has gone, or come anew, while it was asked about.
            return;
        }
        due.put(address, new Due(arrival.since(), now.plus(outcome.next())));
        timer.schedule(this::soon, outcome.next().toNanos(), TimeUnit.NANOSECONDS);
        act(instance, address, outcome.arrival(), finding, outcome.acts());
        recoveries.changed();
    }

    private void act(
            InstanceName instance,
            VirtualAddress address,
            Arrival arrival,
            Confirmation finding,
            Set<Arrival.Act> acts) {
        for (Arrival.Act act : acts) {
            switch (act) {
                case ANNOUNCE -> guard.announce(instance);
                case TELL_CONFIRMED ->
                        tell(instance, "CONFIRMED", address, finding, after(arrival));
                case ALARM ->
                        tell(instance, finding.verdict().name(), address, finding, after(arrival));
                case TELL_MENDED -> tell(instance, "MENDED", address, finding, after(arrival));
            }
        }
    }

    private long after(Arrival arrival) {
        return arrival.confirmed().orElse(now()).since(arrival.since()).toMillis();
    }

    private void tell(
            InstanceName instance,
            String what,
            VirtualAddress address,
            Confirmation finding,
            long millis) {
        happenings.addressReached(instance, what, address.address().toString(), finding, millis);
    }

    private Moment now() {
        return new Moment(nanos.getAsLong());
    }
}
