package io.understudy.cluster.voters;

import static io.understudy.cluster.lease.LocalMembers.eventually;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.cp.internal.MetadataRaftGroupManager;
import io.understudy.cluster.lease.LocalMembers;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Voters of which none has the periodic task any more that carries out changes of seats. */
class SeatChangesTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final LocalMembers members = new LocalMembers();
    private final List<HazelcastInstance> instances = new ArrayList<>();
    private final List<CpVoters> voters = new ArrayList<>();

    @AfterEach
    void stop() {
        voters.forEach(CpVoters::close);
        instances.forEach(instance -> instance.getLifecycleService().terminate());
    }

    @Test
    void aVoterThatReturnsGetsItsSeatThoughHazelcastsOwnTaskIsDead() throws Exception {
        for (int i = 0; i < 3; i++) {
            start(i);
            loseTask(instances.get(i));
        }
        awaitRedundant("started");
        voters.remove(1).close();
        instances.remove(1).getLifecycleService().terminate();
        start(1);
        awaitRedundant("returned");
    }

    private void start(int index) {
        HazelcastInstance instance = members.plan(index).start();
        instances.add(index, instance);
        voters.add(
                index,
                new CpVoters(
                        instance,
                        LocalMembers.NAMES.get(index),
                        LocalMembers.hosts(),
                        members.plan(index).port()));
    }

    /** The task is begun when the voters have met, once; who believes it was begun has none. */
    private static void loseTask(HazelcastInstance instance) throws Exception {
        MetadataRaftGroupManager metadata =
                new HazelcastCore(instance).raft().getMetadataGroupManager();
        Object manager = field(MetadataRaftGroupManager.class, "membershipManager").get(metadata);
        AtomicBoolean begun = (AtomicBoolean) field(manager.getClass(), "initialized").get(manager);
        assertTrue(begun.compareAndSet(false, true), "the task has not begun yet");
    }

    private static Field field(Class<?> type, String name) throws NoSuchFieldException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    private void awaitRedundant(String when) {
        long start = System.nanoTime();
        eventually(
                LIMIT,
                "redundant when " + when + ": " + voters.get(0).state().problem(),
                () -> voters.stream().allMatch(v -> v.state().redundant()));
        System.out.println(
                when + ": redundant after " + (System.nanoTime() - start) / 1_000_000 + " ms");
    }
}
