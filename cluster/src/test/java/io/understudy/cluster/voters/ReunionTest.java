package io.understudy.cluster.voters;

import static io.understudy.cluster.lease.LocalMembers.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.cluster.Member;
import io.understudy.cluster.lease.LocalMembers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Voters that dropped one another though they can be reached, as after a cut. */
class ReunionTest {

    /** How soon is shown by the rounds of the fault lab: here a busy host has its time. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final int TIMES = 6;

    private final LocalMembers members = new LocalMembers();
    private List<HazelcastCore> cores;
    private List<Reunion> reunions;

    @BeforeEach
    void start() {
        members.start();
        Voters voters = new Voters(LocalMembers.hosts(), members.plan(0).port());
        cores = IntStream.range(0, 3).mapToObj(i -> new HazelcastCore(members.get(i))).toList();
        reunions = cores.stream().map(core -> new Reunion(core, voters.addresses())).toList();
        eventually(Duration.ofSeconds(20), "all together", this::together);
    }

    @AfterEach
    void stop() {
        reunions.forEach(Reunion::close);
        members.close();
    }

    @Test
    void whoLostTheOthersJoinsThemAgainAndKeepsItsSeat() {
        List<Optional<UUID>> seats = cores.stream().map(HazelcastCore::localCpUuid).toList();
        for (int time = 0; time < TIMES; time++) {
            lose(time % 3);
            eventually(LIMIT, "together again", this::lookAndSeeAllTogether);
        }
        assertEquals(seats, cores.stream().map(HazelcastCore::localCpUuid).toList());
    }

    @Test
    void whileAllAreTogetherNobodyLooks() {
        List<UUID> before = uuids();
        for (int i = 0; i < 10; i++) {
            lookAndSeeAllTogether();
        }
        assertTrue(together());
        // A member that joins another cluster gets a new one.
        assertEquals(before, uuids());
    }

    private List<UUID> uuids() {
        return cores.stream()
                .flatMap(core -> core.members().stream())
                .filter(Member::localMember)
                .map(Member::getUuid)
                .toList();
    }

    /** One of them drops the two others, and they drop it, each the master last. */
    private void lose(int lost) {
        for (HazelcastCore core : cores) {
            List<Member> dropped = new ArrayList<>(core.members());
            Collections.reverse(dropped);
            for (Member member : dropped) {
                boolean isLost = member.getAddress().equals(cores.get(lost).localAddress());
                if (!member.localMember() && (isLost || core == cores.get(lost))) {
                    core.suspect(member, "silent to a test");
                }
            }
        }
        eventually(LIMIT, "apart", () -> !together());
    }

    private boolean lookAndSeeAllTogether() {
        reunions.forEach(Reunion::tend);
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        return together();
    }

    private boolean together() {
        return cores.stream().allMatch(core -> core.members().size() == 3);
    }
}
