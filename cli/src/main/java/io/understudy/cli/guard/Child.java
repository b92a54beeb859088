package io.understudy.cli.guard;

import io.understudy.core.instance.InstanceName;
import java.util.Objects;

/**
 * A process that the app server started for an instance and told the guard of.
 *
 * @param instance whose
 * @param process which
 * @param kind when it must die
 */
record Child(InstanceName instance, ProcessId process, Kind kind) {

    Child {
        Objects.requireNonNull(instance, "instance");
        Objects.requireNonNull(process, "process");
        Objects.requireNonNull(kind, "kind");
    }

    /** When a child must die. */
    enum Kind {
        /** With its instance's lease, and with the app server. */
        LEASED,
        /** With the app server only: a standby database. */
        BOUND;

        static Kind of(String word) {
            return switch (word) {
                case "leased" -> LEASED;
                case "bound" -> BOUND;
                default ->
                        throw new IllegalArgumentException(
                                "kind '" + word + "' is neither leased nor bound");
            };
        }

        String word() {
            return this == LEASED ? "leased" : "bound";
        }
    }

    Child as(Kind other) {
        return new Child(instance, process, other);
    }
}
