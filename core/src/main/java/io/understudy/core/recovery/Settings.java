package io.understudy.core.recovery;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.node.NodeName;
import io.understudy.core.timing.Timers;
import java.util.Objects;

/**
 * What does not change while decisions are made; a change of configuration brings new settings.
 *
 * @param self this node
 * @param instance the instance
 * @param home where it belongs
 * @param backup who takes over; the same as {@code home} for an instance that stands alone
 * @param timers the group's timers
 * @param automaticFailover whether the standby takes over by itself
 * @param automaticFallback whether the instance goes home by itself
 * @param data whether and how databases are kept twice
 * @param continues whether the group's policy is to go on where no majority answers
 */
public record Settings(
        NodeName self,
        InstanceName instance,
        NodeName home,
        NodeName backup,
        Timers timers,
        boolean automaticFailover,
        boolean automaticFallback,
        Data data,
        boolean continues) {

    /** Refuses nulls. */
    public Settings {
        Objects.requireNonNull(self, "self");
        Objects.requireNonNull(instance, "instance");
        Objects.requireNonNull(home, "home");
        Objects.requireNonNull(backup, "backup");
        Objects.requireNonNull(timers, "timers");
        Objects.requireNonNull(data, "data");
    }

    /** The same with the policy to stop where no majority answers. */
    public Settings(
            NodeName self,
            InstanceName instance,
            NodeName home,
            NodeName backup,
            Timers timers,
            boolean automaticFailover,
            boolean automaticFallback,
            Data data) {
        this(
                self,
                instance,
                home,
                backup,
                timers,
                automaticFailover,
                automaticFallback,
                data,
                false);
    }

    /**
     * Returns whether a holder goes on without a majority, where that is safe. Databases whose
     * commits wait for the standby would only wait.
     */
    public boolean goesOn() {
        return continues && data != Data.WAIT;
    }

    /** Returns whether the instance stands alone, by choice: there is no other node. */
    public boolean alone() {
        return home.equals(backup);
    }

    /** Returns the other node of the pair; this one where there is no other. */
    public NodeName peer() {
        return self.equals(home) ? backup : home;
    }

    /** Whether and how an instance's databases are kept twice. */
    public enum Data {
        /** No database at all. */
        NONE,
        /** Asynchronous copies: promotion always needs an operator who accepts the loss. */
        ASYNCHRONOUS,
        /** Synchronous; without the standby commits wait. */
        WAIT,
        /** Synchronous; without the standby it goes on alone, recorded first. */
        CONTINUE;

        /** Returns whether the in-sync set is kept by synchronous replication. */
        public boolean synchronous() {
            return this == WAIT || this == CONTINUE;
        }

        /** Returns whether there is a database at all. */
        public boolean present() {
            return this != NONE;
        }
    }
}
