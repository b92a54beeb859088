package io.understudy.cluster.voters;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.topic.ITopic;
import com.hazelcast.topic.Message;
import io.understudy.core.node.NodeName;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Each voter tells the others in which groups it votes: at every change, and every second. What is
 * older than 3 s is not believed.
 */
final class VoterReports implements AutoCloseable {

    private static final Logger LOG = System.getLogger(VoterReports.class.getName());
    private static final Duration EVERY = Duration.ofMillis(900);
    private static final Duration VALID = Duration.ofSeconds(3);
    private static final String TOPIC = "understudy.voters";

    private final Voters voters;
    private final ITopic<String> topic;
    private final UUID listener;
    private final Map<NodeName, Heard> heard = new ConcurrentHashMap<>();
    private VoterReport last;
    private long lastAt;

    private record Heard(VoterReport report, UUID from, long at) {}

    VoterReports(HazelcastInstance instance, Voters voters) {
        this.voters = voters;
        this.topic = instance.getTopic(TOPIC);
        this.listener = topic.addMessageListener(this::hear);
    }

    /** Tells the others, if there is something new or it is time again. */
    void tell(VoterReport report) {
        long now = System.nanoTime();
        if (!report.equals(last) || now - lastAt > EVERY.toNanos()) {
            topic.publish(report.encoded());
            last = report;
            lastAt = now;
        }
    }

    /**
     * Returns the voters that lately said they vote in every one of {@code groups}.
     *
     * @param present the members of the cluster: what a process said before its death does not
     *     speak for its successor
     */
    Set<NodeName> votingIn(Set<String> groups, Set<UUID> present) {
        long now = System.nanoTime();
        Set<NodeName> ready = new HashSet<>();
        heard.forEach(
                (name, each) -> {
                    if (now - each.at() < VALID.toNanos()
                            && present.contains(each.from())
                            && each.report().groups().containsAll(groups)) {
                        ready.add(name);
                    }
                });
        return ready;
    }

    /**
     * Returns what voters lately said, each by the word of its present process.
     *
     * @param present the members of the cluster
     */
    Map<NodeName, VoterReport> fresh(Set<UUID> present) {
        long now = System.nanoTime();
        Map<NodeName, VoterReport> fresh = new HashMap<>();
        heard.forEach(
                (name, each) -> {
                    if (now - each.at() < VALID.toNanos() && present.contains(each.from())) {
                        fresh.put(name, each.report());
                    }
                });
        return fresh;
    }

    /** Returns the seats that somebody with a seat lately told of; none if nobody did. */
    Set<String> seats() {
        long now = System.nanoTime();
        return heard.values().stream()
                .filter(each -> now - each.at() < VALID.toNanos())
                .map(each -> each.report().seats())
                .filter(seats -> !seats.isEmpty())
                .findFirst()
                .orElse(Set.of());
    }

    private void hear(Message<String> message) {
        Member from = message.getPublishingMember();
        long now = System.nanoTime();
        // A report counts only if it comes from where that voter listens.
        VoterReport.decode(message.getMessageObject())
                .filter(report -> voters.at(from.getAddress()).equals(Optional.of(report.name())))
                .ifPresent(
                        report -> heard.put(report.name(), new Heard(report, from.getUuid(), now)));
    }

    @Override
    public void close() {
        try {
            topic.removeMessageListener(listener);
        } catch (HazelcastInstanceNotActiveException e) {
            LOG.log(Level.DEBUG, "The member had stopped before its voters did");
        }
    }
}
