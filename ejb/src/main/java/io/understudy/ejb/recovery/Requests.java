package io.understudy.ejb.recovery;

import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.recovery.Event;
import io.understudy.core.recovery.OperatorAction;
import io.understudy.core.view.OperationView;
import io.understudy.ejb.control.ErrorCode;
import io.understudy.ejb.control.OperatorCommand;
import io.understudy.ejb.control.RefusedException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Operators' requests: to the node that must act, whichever node was asked. */
final class Requests {

    private static final System.Logger LOG = System.getLogger(Requests.class.getName());
    private static final String OPERATE = "/operate";
    private static final String TRY_AGAIN = "/try-again";
    private static final String OPERATION = "/operation";
    private static final Duration LIMIT = Duration.ofMillis(900);
    private static final int REMEMBERED = 200;

    /** On the wire. */
    record Asked(String kind, String instance, boolean acceptLoss, String by, String comment) {}

    /** On the wire: an instance's name. */
    record Name(String instance) {}

    /** On the wire: an operation's id. */
    record Id(String id) {}

    /** On the wire: an operation, if it is known there. */
    record Known(OperationView operation) {}

    private final NodeConfiguration node;
    private final Recoveries recoveries;
    private final Maintenance maintenance;
    private final Operations operations;
    private final Happenings happenings;
    private final PeerClient client;
    private final Map<String, NodeName> elsewhere = new LinkedHashMap<>();

    Requests(
            NodeConfiguration node,
            Recoveries recoveries,
            Maintenance maintenance,
            Operations operations,
            Happenings happenings,
            PeerServer server,
            PeerClient client) {
        this.node = node;
        this.recoveries = recoveries;
        this.maintenance = maintenance;
        this.operations = operations;
        this.happenings = happenings;
        this.client = client;
        server.handle(OPERATE, request -> here(request.as(Asked.class)));
        server.handle(
                OPERATION,
                request -> new Known(operations.view(request.as(Id.class).id()).orElse(null)));
        server.handle(
                TRY_AGAIN,
                request -> {
                    InstanceName instance = InstanceName.of(request.as(Name.class).instance());
                    recoveries.loop(instance).ifPresent(Requests::tryAgain);
                    return new Known(null);
                });
    }

    OperationView submit(OperatorCommand command) throws RefusedException {
        if (recoveries.stopping()) {
            throw new RefusedException(
                    ErrorCode.NOT_READY, "Node " + node.name() + " is stopping.");
        }
        Asked asked =
                new Asked(
                        command.kind().name(),
                        command.instance().value(),
                        command.acceptLoss(),
                        command.by(),
                        command.comment());
        Optional<InstanceLoop> loop = recoveries.loop(command.instance());
        if (loop.isEmpty()) {
            throw new RefusedException(
                    ErrorCode.UNKNOWN_INSTANCE,
                    "Instance " + command.instance() + " has no place on node " + node.name() + ".",
                    "Ask one of the nodes of its group.");
        }
        maintenance.check(command.instance());
        if (command.kind() == OperatorCommand.Kind.RECOVER) {
            return recover(loop.get(), asked);
        }
        Optional<NodeName> other = mustActElsewhere(command.kind(), loop.get());
        return other.isPresent() ? forward(other.get(), asked) : here(asked);
    }

    /**
     * Failed mode is both nodes': the one that must act answers, and the other one is told to try
     * again as well, so that it counts as able. That it cannot be told keeps nothing back.
     */
    private OperationView recover(InstanceLoop loop, Asked asked) throws RefusedException {
        NodeName peer = loop.settings().peer();
        if (mustActElsewhere(OperatorCommand.Kind.RECOVER, loop).isPresent()) {
            tryAgain(loop);
            return forward(peer, asked);
        }
        if (loop.situation().contact() == Contact.HEARD) {
            client.call(peer, TRY_AGAIN, new Name(asked.instance()), Known.class, LIMIT)
                    .exceptionally(
                            error -> {
                                LOG.log(
                                        System.Logger.Level.WARNING,
                                        "{0} could not be told to recover: {1}",
                                        peer,
                                        error.getMessage());
                                return null;
                            });
        }
        return here(asked);
    }

    private static void tryAgain(InstanceLoop loop) {
        loop.post(new Event.TryAgain());
    }

    /** The holder moves an instance; the one that does not hold it makes its copy anew. */
    private static Optional<NodeName> mustActElsewhere(
            OperatorCommand.Kind kind, InstanceLoop loop) {
        NodeName peer = loop.settings().peer();
        boolean peerHeard = loop.situation().contact() == Contact.HEARD;
        Optional<NodeName> holder = loop.situation().record().flatMap(LeaseRecord::holder);
        boolean peerHolds = holder.filter(peer::equals).isPresent();
        boolean selfHolds = loop.situation().phase().holdsLease();
        boolean elsewhere =
                kind == OperatorCommand.Kind.RESYNC ? selfHolds : peerHolds && !selfHolds;
        return elsewhere && peerHeard ? Optional.of(peer) : Optional.empty();
    }

    private OperationView here(Asked asked) {
        InstanceName instance = InstanceName.of(asked.instance());
        happenings.asked(instance, asked.kind(), asked.by(), asked.comment());
        String id = operations.begin(asked.kind(), asked.instance(), asked.by());
        recoveries
                .loop(instance)
                .orElseThrow()
                .post(
                        new Event.Operator(
                                id, OperatorAction.valueOf(asked.kind()), asked.acceptLoss()));
        return operations.view(id).orElseThrow();
    }

    private OperationView forward(NodeName peer, Asked asked) throws RefusedException {
        OperationView view = call(peer, OPERATE, asked, OperationView.class);
        synchronized (elsewhere) {
            elsewhere.put(view.id(), peer);
            if (elsewhere.size() > REMEMBERED) {
                elsewhere.remove(elsewhere.keySet().iterator().next());
            }
        }
        return view;
    }

    Optional<OperationView> operation(String id) {
        NodeName peer;
        synchronized (elsewhere) {
            peer = elsewhere.get(id);
        }
        if (peer == null) {
            return operations.view(id);
        }
        try {
            return Optional.ofNullable(call(peer, OPERATION, new Id(id), Known.class).operation());
        } catch (RefusedException unknown) {
            // The node that took it does not answer: neither done nor failed.
            return Optional.of(
                    new OperationView(
                            id,
                            "",
                            "",
                            "RUNNING",
                            unknown.code().name(),
                            unknown.getMessage(),
                            unknown.next(),
                            List.of()));
        }
    }

    private <T, R> R call(NodeName peer, String path, T body, Class<R> reply)
            throws RefusedException {
        try {
            return client.call(peer, path, body, reply, LIMIT)
                    .toCompletableFuture()
                    .get(LIMIT.toMillis() + 200, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new RefusedException(
                    ErrorCode.OUTCOME_UNKNOWN,
                    "Node " + peer + " did not answer: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException(
                    ErrorCode.OUTCOME_UNKNOWN, "Asking " + peer + " was cut short.");
        }
    }
}
