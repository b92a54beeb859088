package io.understudy.cluster.member;

import io.understudy.cluster.configuration.ReplicatedConfiguration;
import io.understudy.cluster.events.EventLog;
import io.understudy.cluster.heartbeat.Heartbeat;
import io.understudy.cluster.heartbeat.HeartbeatListener;
import io.understudy.cluster.heartbeat.ProofOfDeath;
import io.understudy.cluster.hold.Holds;
import io.understudy.cluster.ledger.LedgerVoter;
import io.understudy.cluster.ledger.QuorumLedger;
import io.understudy.cluster.neighbour.Neighbours;
import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.cluster.peer.Secret;
import io.understudy.cluster.register.Suffrage;
import io.understudy.cluster.report.Reports;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.peer.Contact;
import io.understudy.core.peer.PeerFacts;
import io.understudy.core.timing.Timers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * A member's part in the cluster beside the lease store: peer port, ledger, configuration, events,
 * heartbeat, reports. The same on nodes and witness. Add handlers and listeners between making and
 * {@link #start}; close it after everything that serves, for the peer port is what proves to the
 * others that this process lives.
 */
public final class Peering implements AutoCloseable {

    /** How long a call to a majority may take. */
    public static final Duration CALL_LIMIT = Duration.ofSeconds(1);

    private static final System.Logger LOG = System.getLogger(Peering.class.getName());
    private static final Duration PROOF_LIMIT = Duration.ofMillis(200);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final PeerServer server;
    private final PeerClient client;
    private final QuorumLedger ledger;
    private final ReplicatedConfiguration configuration;
    private final Holds holds;
    private final Removals removals;
    private final EventLog events;
    private final ProofOfDeath proof;
    private final Heartbeat heartbeat;
    private final Reports reports;
    private final Suffrage suffrage;
    private final Enroller enroller;

    /**
     * Binds the ports and opens the files; nothing is answered or sent until {@link #start}.
     *
     * @param node this member
     * @param data its data directory, used by no other process
     * @param secret what the members share
     * @param version this member's version
     * @param timers heartbeat's interval, silence and when to ask for proof
     * @param alarm gets a sentence for the operator when a file is damaged or a disk full; must not
     *     block
     * @throws IOException if a port cannot be bound or a directory not used; the message names it
     */
    public Peering(
            NodeConfiguration node,
            Path data,
            Secret secret,
            String version,
            Timers timers,
            Consumer<String> alarm)
            throws IOException {
        try {
            Clock clock = Clock.systemDefaultZone();
            server = keep(new PeerServer(node, secret, version));
            client = keep(new PeerClient(node, secret, version));
            // Before anything else of the directory: whether it has voted is told by what is there.
            MemberDisk disk = MemberDisk.open(data);
            suffrage = Enroller.suffrage(node, disk);
            LedgerVoter voter = keep(new LedgerVoter(data.resolve("ledger"), alarm, suffrage));
            if (node.isVoter()) {
                voter.serve(server);
            }
            ledger = keep(new QuorumLedger(node, voter, client, CALL_LIMIT));
            configuration =
                    keep(
                            new ReplicatedConfiguration(
                                    node,
                                    data.resolve("configuration"),
                                    server,
                                    client,
                                    CALL_LIMIT,
                                    clock,
                                    alarm,
                                    suffrage));
            ReplicatedConfiguration held =
                    keep(
                            new ReplicatedConfiguration(
                                    "holds",
                                    node,
                                    data.resolve("holds"),
                                    server,
                                    client,
                                    CALL_LIMIT,
                                    clock,
                                    alarm,
                                    suffrage));
            holds = new Holds(held, clock);
            ReplicatedConfiguration removed =
                    keep(
                            new ReplicatedConfiguration(
                                    Removals.SPACE,
                                    node,
                                    data.resolve("removals"),
                                    server,
                                    client,
                                    CALL_LIMIT,
                                    clock,
                                    alarm,
                                    suffrage));
            removals = new Removals(removed, clock);
            server.refuse(removals::refusal);
            events =
                    keep(
                            new EventLog(
                                    node,
                                    data.resolve("events"),
                                    server,
                                    client,
                                    CALL_LIMIT,
                                    clock,
                                    alarm,
                                    suffrage));
            proof = keep(new ProofOfDeath(node, client, PROOF_LIMIT, System::nanoTime));
            heartbeat = keep(new Heartbeat(node, secret, version, timers, proof, System::nanoTime));
            client.routeBy(heartbeat::observed);
            heartbeat.listen(whenHeard(configuration, held, removed, events));
            reports = keep(new Reports(node.name(), server, client, heartbeat, System::nanoTime));
            Claims claims = new Claims(node.name(), version, events);
            server.whenRefused(claims);
            heartbeat.listen(claims);
            Admission.serve(server, heartbeat, claims::taken);
            Neighbours.serve(server);
            enroller =
                    keep(
                            new Enroller(
                                    node,
                                    disk,
                                    suffrage,
                                    List.of(
                                            voter.register(),
                                            configuration.voter(),
                                            held.voter(),
                                            removed.voter(),
                                            events.voter()),
                                    client,
                                    CALL_LIMIT,
                                    alarm));
            enroller.serve(server, claims::otherDisk);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** What a peer told while it was not heard has to be looked for. */
    private static HeartbeatListener whenHeard(
            ReplicatedConfiguration configuration,
            ReplicatedConfiguration holds,
            ReplicatedConfiguration removals,
            EventLog events) {
        return new HeartbeatListener() {
            @Override
            public void contactChanged(PeerFacts facts) {
                if (facts.contact() == Contact.HEARD) {
                    List.of(configuration, holds, removals)
                            .forEach(ReplicatedConfiguration::lookSoon);
                    events.lookSoon();
                }
            }
        };
    }

    /** Begins to answer and to beat. */
    public void start() {
        server.start();
        heartbeat.start();
        enroller.start();
    }

    /** Returns whether this member's voters vote, and if not, why. */
    public Suffrage suffrage() {
        return suffrage;
    }

    /** Returns where further handlers are told. */
    public PeerServer server() {
        return server;
    }

    /** Returns what calls the other members. */
    public PeerClient client() {
        return client;
    }

    /** Returns the ledger. */
    public QuorumLedger ledger() {
        return ledger;
    }

    /** Returns the replicated configuration. */
    public ReplicatedConfiguration configuration() {
        return configuration;
    }

    /** Returns which instances are held for maintenance. */
    public Holds holds() {
        return holds;
    }

    /** Returns which members an operator has removed. */
    public Removals removals() {
        return removals;
    }

    /** Returns the event log. */
    public EventLog events() {
        return events;
    }

    /** Returns the heartbeat. */
    public Heartbeat heartbeat() {
        return heartbeat;
    }

    /** Returns what asks for proof of a peer's death. */
    public ProofOfDeath proof() {
        return proof;
    }

    /** Returns the reports. */
    public Reports reports() {
        return reports;
    }

    private <T extends AutoCloseable> T keep(T part) {
        parts.push(part);
        return part;
    }

    /** Ends everything in the reverse order, the peer port last. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        part.getClass().getSimpleName() + " did not stop in good order",
                        e);
            }
        }
    }
}
