package io.understudy.ejb.service;

import io.understudy.cluster.document.YamlDocument;
import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.core.config.GroupConfiguration;
import io.understudy.core.config.GroupFile;
import io.understudy.core.config.Surroundings;
import io.understudy.core.node.NodeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks every node that is to serve an instance what its host lacks for it, over the peer protocol:
 * a unit, an agent, a program that is missing on the standby shows otherwise when it is needed.
 */
public final class ServiceChecks {

    private static final System.Logger LOG = System.getLogger(ServiceChecks.class.getName());
    private static final String PATH = "/service/lacks";
    private static final Duration LIMIT = Duration.ofSeconds(8);

    private final NodeName self;
    private final HostChecks host;
    private final PeerClient client;

    /** On the wire: group files. */
    record Asked(String groups) {}

    /** On the wire. */
    record Told(List<HostChecks.Lack> lacks) {}

    /**
     * What was found.
     *
     * @param lacks by node, this one first
     * @param notAsked nodes that did not answer in time
     */
    public record Findings(Map<NodeName, List<HostChecks.Lack>> lacks, Set<NodeName> notAsked) {}

    /** Answers for this host from now on. */
    public ServiceChecks(NodeName self, HostChecks host, PeerServer server, PeerClient client) {
        this.self = self;
        this.host = host;
        this.client = client;
        server.handle(PATH, request -> new Told(own(request.as(Asked.class).groups())));
    }

    private List<HostChecks.Lack> own(String groups) {
        return own(YamlDocument.groups(groups, Surroundings.unknown()).value().orElse(List.of()));
    }

    private List<HostChecks.Lack> own(List<GroupConfiguration> groups) {
        return groups.stream()
                .flatMap(g -> g.instances().stream())
                .filter(i -> i.concerns(self))
                .flatMap(i -> host.lacks(i).stream())
                .toList();
    }

    /**
     * Has the nodes look at their hosts, all at once; blocks for as long as this one takes, and 8 s
     * at most for the others.
     *
     * @param groups as they are to be
     */
    public Findings check(List<GroupConfiguration> groups) {
        String text = YamlDocument.write(groups.stream().map(GroupFile::toTree).toList());
        Map<NodeName, CompletionStage<Told>> asked = new LinkedHashMap<>();
        boolean here = false;
        for (NodeName node : nodes(groups)) {
            if (node.equals(self)) {
                here = true;
            } else {
                asked.put(node, client.call(node, PATH, new Asked(text), Told.class, LIMIT));
            }
        }
        Map<NodeName, List<HostChecks.Lack>> lacks = new LinkedHashMap<>();
        Set<NodeName> notAsked = new TreeSet<>();
        if (here) {
            lacks.put(self, own(groups));
        }
        asked.forEach((node, answer) -> await(node, answer, lacks, notAsked));
        return new Findings(lacks, notAsked);
    }

    private static Set<NodeName> nodes(List<GroupConfiguration> groups) {
        Set<NodeName> all = new TreeSet<>();
        groups.stream()
                .flatMap(g -> g.instances().stream())
                .filter(i -> !i.services().isEmpty() || !i.databases().isEmpty())
                .forEach(
                        i -> {
                            all.add(i.home());
                            all.add(i.backup());
                        });
        return all;
    }

    private static void await(
            NodeName node,
            CompletionStage<Told> answer,
            Map<NodeName, List<HostChecks.Lack>> lacks,
            Set<NodeName> notAsked) {
        try {
            Told told =
                    answer.toCompletableFuture().get(LIMIT.toMillis() + 500, TimeUnit.MILLISECONDS);
            lacks.put(node, new ArrayList<>(told.lacks()));
        } catch (ExecutionException | TimeoutException e) {
            // Down, cut off, or of a version that does not know the question.
            LOG.log(System.Logger.Level.DEBUG, "what " + node + " lacks", e);
            notAsked.add(node);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            notAsked.add(node);
        }
    }
}
