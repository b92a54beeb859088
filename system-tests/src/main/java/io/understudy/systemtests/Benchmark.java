package io.understudy.systemtests;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Strikes a real cluster again and again and prints how long writes stood still and what was lost,
 * as the table of docs/benchmarks.md. Each fault that moves the instance is followed by a fallback,
 * which counts as one too.
 */
public final class Benchmark {

    private static final int USUAL_RUNS = 10;

    private final PrintStream out;
    private final Map<Fault, List<Trial>> trials = new EnumMap<>(Fault.class);
    private final Map<Fault, Integer> failed = new EnumMap<>(Fault.class);
    private Cluster cluster;

    private Benchmark(PrintStream out) {
        this.out = out;
    }

    /**
     * Takes {@code --runs N} (10 if it is left out) and the names of faults (all if none is given);
     * ends with status 1 if anything was lost or any run failed.
     */
    public static void main(String[] arguments) throws IOException {
        int runs = USUAL_RUNS;
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].equals("--runs") && i + 1 < arguments.length) {
                runs = Integer.parseInt(arguments[++i]);
            } else {
                faults.add(Fault.valueOf(arguments[i].toUpperCase(Locale.ROOT).replace('-', '_')));
            }
        }
        if (!Host.obstacle().isEmpty()) {
            System.err.println(Host.obstacle());
            System.exit(2);
        }
        if (faults.isEmpty()) {
            faults.addAll(Arrays.asList(Fault.values()));
            // Every move is followed by one.
            faults.remove(Fault.FALLBACK);
        }
        System.exit(new Benchmark(System.out).run(faults, runs) ? 0 : 1);
    }

    private boolean run(List<Fault> faults, int runs) throws IOException {
        try {
            for (Fault fault : faults) {
                for (int i = 1; i <= runs; i++) {
                    once(fault, i);
                }
            }
        } finally {
            if (cluster != null) {
                cluster.close();
            }
        }
        out.println();
        out.println(
                "| fault | runs | no write: median | least | most | aim | going on after: median | rows"
                        + " lost | failed |");
        out.println("|---|---|---|---|---|---|---|---|---|");
        trials.forEach((fault, all) -> out.println(row(fault, all)));
        out.flush();
        return failed.isEmpty() && lost() == 0;
    }

    private void once(Fault fault, int number) throws IOException {
        try {
            if (cluster == null) {
                cluster = Cluster.started();
            }
            cluster.awaitNormal();
            long tenure = tenure();
            strike(fault, number);
            if (fault.moves()) {
                cluster.awaitWhole(Layout.BETA);
                strike(Fault.FALLBACK, number);
            } else {
                cluster.awaitWhole(Layout.ALPHA);
                // There and back would show nowhere else.
                if (tenure() != tenure) {
                    throw new AssertionError("it should move nothing, and the epoch rose");
                }
            }
        } catch (AssertionError | RuntimeException e) {
            failed.merge(fault, 1, Integer::sum);
            out.println(fault + " " + number + " FAILED: " + e.getMessage());
            if (cluster != null) {
                cluster.abandon("benchmark-" + fault + "-" + number, e);
                cluster = null;
            }
        }
    }

    private void strike(Fault fault, int number) {
        String load = Host.load();
        Trial trial = Trial.of(fault, cluster);
        trials.computeIfAbsent(fault, f -> new ArrayList<>()).add(trial);
        out.printf(
                Locale.ROOT,
                "%s %s %d: no write for %d ms, %d acknowledged, %d lost, load %s%n",
                LocalTime.now().truncatedTo(ChronoUnit.SECONDS),
                fault,
                number,
                trial.outage().toMillis(),
                trial.result().acknowledged(),
                trial.result().lost().size(),
                load);
        out.flush();
        trial.result().assertGood();
    }

    private long tenure() {
        return cluster.instance(Layout.ALPHA).orElseThrow().epoch();
    }

    private int lost() {
        return trials.values().stream()
                .flatMap(List::stream)
                .mapToInt(t -> t.result().lost().size())
                .sum();
    }

    private String row(Fault fault, List<Trial> all) {
        List<Long> outages = sorted(all, Trial::outage);
        return String.format(
                Locale.ROOT,
                "| %s | %d | %d ms | %d ms | %d ms | %d ms | %d ms | %d | %d |",
                fault,
                all.size(),
                median(outages),
                outages.get(0),
                outages.get(outages.size() - 1),
                fault.aim().toMillis(),
                median(sorted(all, Trial::goingOn)),
                all.stream().mapToInt(t -> t.result().lost().size()).sum(),
                failed.getOrDefault(fault, 0));
    }

    private static List<Long> sorted(List<Trial> all, Function<Trial, Duration> figure) {
        return all.stream().map(figure).map(Duration::toMillis).sorted().toList();
    }

    private static long median(List<Long> sorted) {
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(half)
                : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
}
