package io.understudy.systemtests.lab;

import io.understudy.systemtests.Host;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Strikes other software for high availability, and Understudy, in the same lab with the same
 * faults, and prints the table of docs/benchmarks.md. Who is not installed is named and left out.
 */
public final class PeerBenchmark {

    private static final int USUAL_RUNS = 3;
    private static final String TUNED = "-tuned";
    private static final String OURS = "understudy";

    private final PrintStream out;
    private final int runs;
    private final boolean inFull;
    private final List<String> rows = new ArrayList<>();
    private boolean failed;

    private PeerBenchmark(PrintStream out, int runs, boolean inFull) {
        this.out = out;
        this.runs = runs;
        this.inFull = inFull;
    }

    /**
     * Takes {@code --runs N} (3 if it is left out), {@code --brief} (causes last as long as in
     * tests), names of contestants ({@code understudy}, {@code keepalived}, {@code
     * keepalived-tuned} and so on; all if none is given) and of faults (all if none is given); ends
     * with status 1 if a run failed, with 2 if no lab can be made here or a word is unknown.
     */
    public static void main(String[] arguments) {
        int runs = USUAL_RUNS;
        boolean inFull = true;
        List<String> names = new ArrayList<>();
        List<PeerFault> faults = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            String word = arguments[i].toLowerCase(Locale.ROOT);
            if (word.equals("--runs") && i + 1 < arguments.length) {
                runs = Integer.parseInt(arguments[++i]);
            } else if (word.equals("--brief")) {
                inFull = false;
            } else if (contestants().contains(word)) {
                names.add(word);
            } else if (fault(word).isPresent()) {
                faults.add(fault(word).get());
            } else {
                System.err.println(
                        arguments[i]
                                + " is neither one of "
                                + contestants()
                                + " nor of "
                                + List.of(PeerFault.values()));
                System.exit(2);
            }
        }
        if (!Lab.obstacle().isEmpty()) {
            System.err.println(Lab.obstacle());
            System.exit(2);
        }
        PeerBenchmark benchmark = new PeerBenchmark(System.out, runs, inFull);
        for (String name : names.isEmpty() ? contestants() : names) {
            benchmark.run(name, faults.isEmpty() ? List.of(PeerFault.values()) : faults);
        }
        benchmark.table();
        System.exit(benchmark.failed ? 1 : 0);
    }

    private static List<String> contestants() {
        List<String> all = new ArrayList<>(List.of(OURS));
        for (PeerKind kind : PeerKind.values()) {
            all.add(kind.name().toLowerCase(Locale.ROOT));
            all.add(kind.name().toLowerCase(Locale.ROOT) + TUNED);
        }
        return all;
    }

    private static Optional<PeerFault> fault(String word) {
        try {
            return Optional.of(PeerFault.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_')));
        } catch (IllegalArgumentException unknown) {
            return Optional.empty();
        }
    }

    private void run(String name, List<PeerFault> faults) {
        boolean tuned = name.endsWith(TUNED);
        Contestant contestant;
        String version = "";
        if (name.equals(OURS)) {
            contestant = new Contestant.Ours();
        } else {
            PeerKind kind = PeerKind.valueOf(name.replace(TUNED, "").toUpperCase(Locale.ROOT));
            if (!kind.obstacle().isEmpty()) {
                out.println(name + " is left out: " + kind.obstacle());
                return;
            }
            contestant = new Contestant.Theirs(kind, tuned);
            version = " " + version(kind.packageName());
        }
        out.println(LocalDateTime.now().truncatedTo(ChronoUnit.SECONDS) + " " + name + version);
        Map<PeerFault, List<PeerTrial>> trials = new EnumMap<>(PeerFault.class);
        try {
            for (PeerFault fault : faults) {
                for (int i = 1; i <= runs; i++) {
                    once(contestant, name, fault, i)
                            .ifPresent(
                                    trial ->
                                            trials.computeIfAbsent(fault, f -> new ArrayList<>())
                                                    .add(trial));
                }
            }
        } finally {
            try {
                contestant.close();
            } catch (AssertionError | RuntimeException e) {
                failed = true;
                out.println(name + " did not end well: " + e);
            }
        }
        trials.forEach((fault, all) -> rows.add(row(name, fault, all)));
    }

    private Optional<PeerTrial> once(Contestant who, String name, PeerFault fault, int number) {
        try {
            String load = Host.load();
            PeerTrial trial = who.strike(fault, inFull);
            out.printf(
                    "%s %s %d %s; load %s%n",
                    LocalTime.now().format(DateTimeFormatter.ofPattern("HH:mm:ss")),
                    name,
                    number,
                    trial,
                    load);
            out.flush();
            return Optional.of(trial);
        } catch (AssertionError | RuntimeException | IOException e) {
            failed = true;
            out.println(name + " " + fault + " " + number + " FAILED: " + e);
            who.abandon("peer-" + name + "-" + fault + "-" + number, e);
            for (Throwable more : e.getSuppressed()) {
                out.println("  and: " + more);
            }
            out.flush();
            return Optional.empty();
        }
    }

    private static String version(String packageName) {
        try {
            return Tool.run("dpkg-query -W -f ${Version} " + packageName).strip();
        } catch (IllegalStateException notDebian) {
            return "(version unknown)";
        }
    }

    private void table() {
        out.println();
        out.println(
                "| who | fault | runs | no answer: median | most | no write: median | after the"
                        + " mend: most | moved | both active | longest | rows lost |");
        out.println("|---|---|---|---|---|---|---|---|---|---|---|");
        rows.forEach(out::println);
        out.flush();
    }

    private static String row(String name, PeerFault fault, List<PeerTrial> all) {
        boolean writes = all.get(0).writes().isPresent();
        return String.format(
                Locale.ROOT,
                "| %s | %s | %d | %d ms | %d ms | %s | %d ms | %d of %d | %s | %d ms | %s |",
                name,
                fault,
                all.size(),
                Figures.median(all, PeerTrial::outage),
                Figures.most(all, PeerTrial::outage),
                writes ? Figures.median(all, t -> t.writes().orElseThrow()) + " ms" : "",
                Figures.most(all, PeerTrial::afterMend),
                count(all, PeerTrial::moved),
                all.size(),
                all.stream().anyMatch(PeerTrial::twoServed) ? "yes" : "no",
                Figures.most(all, PeerBenchmark::longestBoth),
                writes ? lost(all) : "");
    }

    private static Duration longestBoth(PeerTrial trial) {
        Duration databases = trial.bothPrimary().orElse(Duration.ZERO);
        Duration addresses = trial.addressOnBoth();
        return databases.compareTo(addresses) > 0 ? databases : addresses;
    }

    private static long count(List<PeerTrial> all, Function<PeerTrial, Boolean> what) {
        return all.stream().filter(what::apply).count();
    }

    private static String lost(List<PeerTrial> all) {
        return all.stream().mapToInt(PeerTrial::lost).sum()
                + " of "
                + all.stream().mapToInt(PeerTrial::acknowledged).sum();
    }
}
