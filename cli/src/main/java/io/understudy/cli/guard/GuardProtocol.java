package io.understudy.cli.guard;

import io.understudy.core.config.VirtualAddress;
import io.understudy.core.instance.InstanceName;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The lines that the app server sends to its guard, one command each, UTF-8:
 *
 * <pre>
 * lease INSTANCE EPOCH VALID_UNTIL_NANOS   on System.nanoTime's clock; 0: no lease
 * child INSTANCE PID START_TICKS KIND      KIND: leased | bound
 * kind PID KIND
 * gone PID
 * alive                                    several times a second
 * group INSTANCE DIRECTORY                 a control group: what lives in it is leased
 * ungroup DIRECTORY
 * addresses INSTANCE ADDRESS/PREFIX@DEVICE,...   to be here while the lease holds
 * noaddresses INSTANCE
 * announce INSTANCE                        its addresses again, at once
 * probe ADDRESS/PREFIX@DEVICE,...          they are about to come: ask the wire who has them
 * ports INSTANCE PORT,...                  open to other hosts only while the lease holds
 * noports INSTANCE
 * look                                     answered: what was heard on the wire
 * </pre>
 *
 * The guard answers a new connection with one line, {@code ready}, and {@code look} with the lines
 * of a {@link io.understudy.core.address.WireReport}.
 */
final class GuardProtocol {

    /** No lease is this long; a later end means that the two clocks differ. */
    private static final long LONGEST_LEASE_NANOS = 3_600_000_000_000L;

    private final Guard guard;

    GuardProtocol(Guard guard) {
        this.guard = guard;
    }

    /**
     * Obeys one line.
     *
     * @return the lines to answer; mostly none
     * @throws IllegalArgumentException if it is none of the commands
     */
    List<String> obey(String line, long nowNanos) {
        guard.heard();
        String[] words = line.split(" ");
        switch (words[0] + "/" + (words.length - 1)) {
            case "lease/3" -> guard.lease(InstanceName.of(words[1]), validity(words[3], nowNanos));
            case "child/4" ->
                    guard.child(
                            InstanceName.of(words[1]),
                            new ProcessId(Long.parseLong(words[2]), Long.parseLong(words[3])),
                            isLeased(words[4]));
            case "kind/2" -> guard.kind(Long.parseLong(words[1]), isLeased(words[2]));
            case "alive/0" -> guard.watchFromNow();
            case "gone/1" -> guard.gone(Long.parseLong(words[1]));
            case "group/2" -> guard.group(InstanceName.of(words[1]), Path.of(words[2]));
            case "addresses/2" -> {
                InstanceName instance = InstanceName.of(words[1]);
                List<VirtualAddress> wanted = addresses(words[2]);
                guard.reach(reach -> reach.addresses().serve(instance, wanted));
            }
            case "noaddresses/1" -> {
                InstanceName instance = InstanceName.of(words[1]);
                guard.reach(reach -> reach.addresses().release(instance));
            }
            case "announce/1" -> {
                InstanceName instance = InstanceName.of(words[1]);
                guard.reach(reach -> reach.addresses().announceAgain(instance));
            }
            case "probe/1" -> {
                List<VirtualAddress> coming = addresses(words[1]);
                guard.reach(reach -> reach.addresses().probe(coming));
            }
            case "ports/2" -> {
                InstanceName instance = InstanceName.of(words[1]);
                List<Integer> ports = Stream.of(words[2].split(",")).map(Integer::valueOf).toList();
                guard.reach(reach -> reach.ports().guard(instance, ports));
            }
            case "noports/1" -> {
                InstanceName instance = InstanceName.of(words[1]);
                guard.reach(reach -> reach.ports().guard(instance, List.of()));
            }
            case "look/0" -> {
                return guard.heardOnTheWire().lines();
            }
            case "ungroup/1" -> guard.ungroup(Path.of(words[1]));
            default -> throw new IllegalArgumentException("no such command: '" + line + "'");
        }
        return List.of();
    }

    private static List<VirtualAddress> addresses(String word) {
        return Stream.of(word.split(","))
                .map(one -> one.replace("@", " dev "))
                .map(
                        one ->
                                VirtualAddress.parse(one)
                                        .orElseThrow(
                                                () ->
                                                        new IllegalArgumentException(
                                                                "no address: '" + one + "'")))
                .toList();
    }

    private static boolean isLeased(String word) {
        return Child.Kind.of(word) == Child.Kind.LEASED;
    }

    private static long validity(String word, long nowNanos) {
        long until = Long.parseLong(word);
        if (until != 0 && until - nowNanos > LONGEST_LEASE_NANOS) {
            throw new IllegalArgumentException(
                    "a lease that ends in more than an hour: the clocks differ");
        }
        return until;
    }
}
