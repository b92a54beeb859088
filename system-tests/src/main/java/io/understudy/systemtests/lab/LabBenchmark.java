package io.understudy.systemtests.lab;

import io.understudy.systemtests.Host;
import java.io.IOException;
import java.io.PrintStream;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Strikes a lab again and again and prints what a client at the address and a writer through it
 * saw, as the table of docs/benchmarks.md.
 */
public final class LabBenchmark {

    private static final int USUAL_RUNS = 10;

    private final PrintStream out;
    private final boolean inFull;
    private final Map<LabFault, List<LabTrial>> trials = new EnumMap<>(LabFault.class);
    private final Map<LabFault, Integer> failed = new EnumMap<>(LabFault.class);
    private Lab lab;

    private LabBenchmark(PrintStream out, boolean inFull) {
        this.out = out;
        this.inFull = inFull;
    }

    /**
     * Takes {@code --runs N} (10 if it is left out), {@code --brief} (causes last as long as in
     * tests) and the names of faults (all if none is given); ends with status 1 if anything was
     * lost, two served or any run failed, with 2 if no lab can be made here.
     */
    public static void main(String[] arguments) throws IOException {
        int runs = USUAL_RUNS;
        boolean inFull = true;
        List<LabFault> faults = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].equals("--runs") && i + 1 < arguments.length) {
                runs = Integer.parseInt(arguments[++i]);
            } else if (arguments[i].equals("--brief")) {
                inFull = false;
            } else {
                faults.add(
                        LabFault.valueOf(arguments[i].toUpperCase(Locale.ROOT).replace('-', '_')));
            }
        }
        if (!Lab.obstacle().isEmpty()) {
            System.err.println(Lab.obstacle());
            System.exit(2);
        }
        if (faults.isEmpty()) {
            faults.addAll(List.of(LabFault.values()));
        }
        System.exit(new LabBenchmark(System.out, inFull).run(faults, runs) ? 0 : 1);
    }

    private boolean run(List<LabFault> faults, int runs) throws IOException {
        try {
            for (LabFault fault : faults) {
                for (int i = 1; i <= runs; i++) {
                    once(fault, i);
                }
            }
        } finally {
            if (lab != null) {
                lab.close();
            }
        }
        out.println();
        out.println(
                "| fault | runs | no answer, IPv4: median | most | no answer, IPv6: median | most |"
                        + " no write: median | most | after the mend: most | address left after:"
                        + " most | both had it: most | rows lost | failed |");
        out.println("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        trials.forEach((fault, all) -> out.println(row(fault, all)));
        out.flush();
        return failed.isEmpty();
    }

    private void once(LabFault fault, int number) throws IOException {
        try {
            if (lab == null) {
                lab = Lab.started();
            }
            String load = Host.load();
            LabTrial trial = LabTrial.of(fault, lab, inFull);
            trials.computeIfAbsent(fault, f -> new ArrayList<>()).add(trial);
            out.printf(
                    "%s %d %s; load %s%n",
                    LocalTime.now().truncatedTo(ChronoUnit.SECONDS), number, trial, load);
            out.flush();
            trial.assertSafe();
        } catch (AssertionError | RuntimeException e) {
            failed.merge(fault, 1, Integer::sum);
            out.println(fault + " " + number + " FAILED: " + e);
            out.flush();
            if (lab != null) {
                lab.abandon("lab-" + fault + "-" + number, e);
                for (Throwable more : e.getSuppressed()) {
                    out.println("  and: " + more);
                }
                lab = null;
            }
        }
    }

    private String row(LabFault fault, List<LabTrial> all) {
        return String.format(
                Locale.ROOT,
                "| %s | %d | %d ms | %d ms | %d ms | %d ms | %d ms | %d ms | %d ms | %d ms | %d ms"
                        + " | %d of %d | %d |",
                fault,
                all.size(),
                Figures.median(all, LabTrial::outage),
                Figures.most(all, LabTrial::outage),
                Figures.median(all, LabTrial::outage6),
                Figures.most(all, LabTrial::outage6),
                Figures.median(all, LabTrial::writes),
                Figures.most(all, LabTrial::writes),
                Figures.most(all, LabTrial::afterMend),
                Figures.most(all, LabTrial::stale),
                Figures.most(all, LabTrial::overlap),
                all.stream().mapToInt(t -> t.result().lost().size()).sum(),
                all.stream().mapToInt(t -> t.result().acknowledged()).sum(),
                failed.getOrDefault(fault, 0));
    }
}
