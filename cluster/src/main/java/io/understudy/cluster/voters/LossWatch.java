package io.understudy.cluster.voters;

import io.understudy.core.node.NodeName;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Tells a store that is lost for good from one that is only cut off. Exact, not by time: what a
 * group of voters knows lives in the memory of the processes that have its members' identities. If
 * all three voters are connected and say which identities they have, an identity that nobody has
 * died with its process, and a group without a majority of living identities can never vote again.
 * See docs/decisions/0013. Pure; not thread safe.
 */
final class LossWatch {

    /** A report may be half a second older than a process's return or a change of members. */
    static final Duration CALM = Duration.ofSeconds(3);

    /** A store that was just reset forms anew; a second reset on top of it would break that. */
    static final Duration SETTLE = Duration.ofSeconds(15);

    private Optional<Long> lostSince = Optional.empty();
    private Optional<Long> resetAt = Optional.empty();

    /**
     * Sorts the groups of which this process has a part.
     *
     * @param memberships identities of each group's members
     * @param reports the present word of voters
     * @param voters all voters
     * @return the groups that live, and the groups that do not; both empty unless every voter has
     *     said who it is
     */
    static VoterReport.Standing standing(
            Optional<UUID> own,
            boolean met,
            Map<String, Set<UUID>> memberships,
            Map<NodeName, VoterReport> reports,
            Collection<NodeName> voters) {
        if (!reports.keySet().containsAll(voters)) {
            return new VoterReport.Standing(own, met, Set.of(), Set.of());
        }
        Set<UUID> living = living(reports);
        own.ifPresent(living::add);
        Map<Boolean, Set<String>> sorted =
                memberships.entrySet().stream()
                        .collect(
                                Collectors.partitioningBy(
                                        group -> hasMajority(group.getValue(), living),
                                        Collectors.mapping(Map.Entry::getKey, Collectors.toSet())));
        return new VoterReport.Standing(own, met, sorted.get(true), sorted.get(false));
    }

    private static Set<UUID> living(Map<NodeName, VoterReport> reports) {
        return reports.values().stream()
                .flatMap(report -> report.standing().identity().stream())
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static boolean hasMajority(Set<UUID> members, Set<UUID> living) {
        return 2 * members.stream().filter(living::contains).count() > members.size();
    }

    /**
     * Returns whether the store has been lost for good for long enough, and no reset is under way.
     *
     * @param reports the present word of voters
     * @param voters all voters
     * @param othersPresent whether the cluster has members that are no voters: a stand-in, by an
     *     operator's word; then an operator decides
     * @param now of the monotonic clock, ns
     */
    boolean lost(
            Map<NodeName, VoterReport> reports,
            List<NodeName> voters,
            boolean othersPresent,
            long now) {
        boolean seen =
                !othersPresent && reports.keySet().containsAll(voters) && lostNow(reports.values());
        if (!seen) {
            lostSince = Optional.empty();
            return false;
        }
        lostSince = lostSince.or(() -> Optional.of(now));
        boolean settling = resetAt.filter(at -> now - at < SETTLE.toNanos()).isPresent();
        return !settling && now - lostSince.get() >= CALM.toNanos();
    }

    private static boolean lostNow(Collection<VoterReport> reports) {
        boolean nobody = reports.stream().allMatch(r -> r.standing().identity().isEmpty());
        if (nobody) {
            // All three are new: if none knows of voters that met they are about to meet.
            return reports.stream().anyMatch(r -> r.standing().met());
        }
        // Who was away may not yet know a group's latest members: one better informed is enough.
        Set<String> alive =
                reports.stream()
                        .flatMap(r -> r.standing().alive().stream())
                        .collect(Collectors.toSet());
        return reports.stream()
                .flatMap(r -> r.standing().lost().stream())
                .anyMatch(group -> !alive.contains(group));
    }

    /** Notes that a reset has begun, here or elsewhere, by whosever word. */
    void resetBegun(long now) {
        resetAt = Optional.of(now);
        lostSince = Optional.empty();
    }
}
