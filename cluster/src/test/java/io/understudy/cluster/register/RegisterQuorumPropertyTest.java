package io.understudy.cluster.register;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Quorum intersection by random schedules: two proposers, three voters, calls that are lost, late
 * or repeated, voters that restart from disk. Whenever a write is stored by a majority, every later
 * granted claim must see it or something newer.
 */
class RegisterQuorumPropertyTest {

    private static final int SEEDS = Integer.getInteger("understudy.register.seeds", 40);
    private static final int MUTANT_SEEDS = 400;
    private static final int STEPS = 40;
    private static final List<String> PROPOSERS = List.of("alpha/1", "beta/1");

    @TempDir Path directory;

    @Test
    void whatAMajorityStoredIsSeenByEveryLaterClaim() throws IOException {
        for (int seed = 0; seed < SEEDS; seed++) {
            new Schedule(seed, directory.resolve("seed-" + seed), 2).run();
        }
    }

    /** The schedules notice disks that are replaced without learning from both others. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aDiskThatLearnsTooLittleIsNoticed(int teachers) throws IOException {
        for (int seed = 0; seed < MUTANT_SEEDS; seed++) {
            try {
                new Schedule(seed, directory.resolve("seed-" + seed), teachers).run();
            } catch (AssertionError noticed) {
                return;
            }
        }
        fail("no schedule of " + MUTANT_SEEDS + " notices a disk with " + teachers + " teachers");
    }

    private record Late(int voter, RegisterCall write) {}

    private static final class Schedule {
        private final int seed;
        private final Random random;
        private final Path directory;
        private final int teachers;
        private final Path[] current = new Path[3];
        private int disks;
        private final List<RegisterVoter> voters = new ArrayList<>();
        private final List<Late> late = new ArrayList<>();
        private final Map<String, Long> tenure = new HashMap<>();
        private final Map<String, Long> revision = new HashMap<>();
        private long chosenEpoch;
        private long chosenRevision;
        private long highest;

        /**
         * @param teachers how many others a new disk learns from; two is right
         */
        Schedule(int seed, Path directory, int teachers) throws IOException {
            this.seed = seed;
            this.random = new Random(seed);
            this.directory = directory;
            this.teachers = teachers;
            for (int i = 0; i < 3; i++) {
                voters.add(open(i));
            }
        }

        private RegisterVoter open(int index) throws IOException {
            if (current[index] == null) {
                current[index] = directory.resolve("voter-" + index);
            }
            return new RegisterVoter(
                    "test",
                    current[index],
                    sentence -> {
                        throw new AssertionError(sentence);
                    },
                    Suffrage.granted(),
                    step -> {});
        }

        void run() throws IOException {
            for (int step = 0; step < STEPS; step++) {
                String who = PROPOSERS.get(random.nextInt(2));
                switch (random.nextInt(7)) {
                    case 0, 1 -> claim(who);
                    case 2, 3 -> write(who);
                    case 4 -> deliverLate();
                    case 5 -> replaceDisk(random.nextInt(3));
                    default -> {
                        int index = random.nextInt(3);
                        voters.get(index).close();
                        voters.set(index, open(index));
                    }
                }
            }
        }

        /** As with --recover: nothing is under way, and both others are there and vote. */
        private void replaceDisk(int index) throws IOException {
            voters.get(index).close();
            Suffrage suffrage = Suffrage.barred("it learns");
            RegisterVoter fresh =
                    new RegisterVoter(
                            "test",
                            directory.resolve("voter-" + index + "-disk-" + ++disks),
                            sentence -> fail(sentence),
                            suffrage,
                            step -> {});
            assertThrows(NoVoteException.class, () -> fresh.read(read()));
            for (int other = 1; other <= teachers; other++) {
                fresh.adopt("key", voters.get((index + other) % 3).read(read()).state());
            }
            suffrage.grant();
            current[index] = directory.resolve("voter-" + index + "-disk-" + disks);
            voters.set(index, fresh);
        }

        private void claim(String who) {
            // Sometimes an epoch that the other may hold: that must not be granted twice.
            long epoch = Math.max(1, highest + random.nextInt(3) - 1);
            int granted = 0;
            RegisterState.Stored newest = null;
            for (RegisterVoter voter : voters) {
                if (random.nextInt(4) > 0) {
                    var answer = voter.promise(new RegisterCall("key", epoch, -1, who, null));
                    var stored = answer.state().stored();
                    granted += answer.granted() ? 1 : 0;
                    if (stored != null
                            && (newest == null
                                    || stored.isNewerThan(newest.epoch(), newest.revision()))) {
                        newest = stored;
                    }
                }
            }
            highest = Math.max(highest, epoch);
            if (granted >= 2) {
                assertTrue(
                        chosenEpoch == 0
                                || (newest != null
                                        && !new RegisterState.Stored(
                                                        chosenEpoch, chosenRevision, who, "")
                                                .isNewerThan(newest.epoch(), newest.revision())),
                        "seed " + seed + ": a claim missed what a majority had stored");
                String other = PROPOSERS.get(1 - PROPOSERS.indexOf(who));
                assertTrue(
                        tenure.getOrDefault(other, 0L) != epoch,
                        "seed " + seed + ": epoch " + epoch + " was granted to both");
                if (tenure.getOrDefault(who, 0L) != epoch) {
                    revision.put(who, 0L);
                }
                tenure.put(who, epoch);
            }
        }

        private void write(String who) {
            long epoch = tenure.getOrDefault(who, 0L);
            if (epoch == 0) {
                return;
            }
            long next = revision.merge(who, 1L, Long::sum);
            RegisterCall call = new RegisterCall("key", epoch, next, who, who + "/" + next);
            int stored = 0;
            for (int i = 0; i < 3; i++) {
                if (random.nextInt(4) > 0) {
                    stored += voters.get(i).write(call).granted() ? 1 : 0;
                } else {
                    late.add(new Late(i, call));
                }
            }
            if (stored >= 2) {
                assertTrue(
                        epoch >= chosenEpoch,
                        "seed " + seed + ": an older tenure was stored by a majority");
                chosenEpoch = epoch;
                chosenRevision = next;
            }
        }

        private void deliverLate() {
            if (!late.isEmpty()) {
                Late one = late.remove(random.nextInt(late.size()));
                var before = voters.get(one.voter()).read(read()).state();
                voters.get(one.voter()).write(one.write());
                var after = voters.get(one.voter()).read(read()).state();
                assertTrue(after.promised() >= before.promised(), "seed " + seed);
                assertEquals(
                        false,
                        before.stored() != null
                                && before.stored()
                                        .isNewerThan(
                                                after.stored().epoch(), after.stored().revision()),
                        "seed " + seed + ": a voter went back");
            }
        }

        private static RegisterCall read() {
            return new RegisterCall("key", -1, -1, PROPOSERS.get(0), null);
        }
    }
}
