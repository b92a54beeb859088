package io.understudy.core.address;

import io.understudy.core.node.NodeName;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What follows from what other members saw on the wire when they asked who has an address.
 *
 * @param verdict in one word
 * @param by who said what decided it; empty where nobody could say
 * @param mac which hardware address answered; empty where none did
 * @param why the reasons of those who could not say; empty text if it was said
 */
public record Confirmation(
        Verdict verdict, Optional<NodeName> by, Optional<String> mac, String why) {

    /** Refuses nulls. */
    public Confirmation {
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(mac, "mac");
        Objects.requireNonNull(why, "why");
    }

    /** What was found out. */
    public enum Verdict {
        /** Another host reaches the address at our interface. */
        CONFIRMED,
        /** Another host finds it at a hardware address that is not ours. */
        ELSEWHERE,
        /** A host of the same subnet asked and nobody answered. */
        UNHEARD,
        /** Nobody could be asked, or could find out. */
        UNKNOWN
    }

    /**
     * What one member saw.
     *
     * @param from who
     * @param mac the hardware address, lower case with colons; empty if nobody answered
     * @param cannot why it cannot say; empty if it can
     */
    public record Seen(NodeName from, Optional<String> mac, Optional<String> cannot) {
        /** Refuses nulls. */
        public Seen {
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(mac, "mac");
            Objects.requireNonNull(cannot, "cannot");
        }
    }

    /**
     * Judges. One that finds the address elsewhere outweighs others that find it here: for that one
     * and those behind it, it is not reached.
     *
     * @param own the hardware address of the interface that carries it
     * @param seen in the order in which members are preferred
     */
    public static Confirmation of(String own, List<Seen> seen) {
        List<Seen> able = seen.stream().filter(s -> s.cannot().isEmpty()).toList();
        Optional<Seen> wrong =
                able.stream()
                        .filter(s -> s.mac().filter(m -> !m.equals(own)).isPresent())
                        .findFirst();
        if (wrong.isPresent()) {
            return found(Verdict.ELSEWHERE, wrong.get());
        }
        Optional<Seen> right = able.stream().filter(s -> s.mac().isPresent()).findFirst();
        if (right.isPresent()) {
            return found(Verdict.CONFIRMED, right.get());
        }
        if (!able.isEmpty()) {
            return found(Verdict.UNHEARD, able.get(0));
        }
        return new Confirmation(
                Verdict.UNKNOWN,
                Optional.empty(),
                Optional.empty(),
                seen.stream()
                        .map(s -> s.from() + ": " + s.cannot().orElseThrow())
                        .collect(Collectors.joining("; ")));
    }

    private static Confirmation found(Verdict verdict, Seen seen) {
        return new Confirmation(verdict, Optional.of(seen.from()), seen.mac(), "");
    }
}
