package io.understudy.ejb.database.postgresql;

import io.understudy.core.config.DatabaseConfiguration;
import io.understudy.core.config.NodeConfiguration.Member;
import io.understudy.core.instance.InstanceName;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Which copy of which database an engine looks after, and where.
 *
 * @param instance the instance to which the database belongs
 * @param database its configuration
 * @param self this node
 * @param partner tells the other node of the pair as it is now; empty for a database without a
 *     second copy
 * @param data this node's data directory
 * @param everywhere whether it listens on all of the host's addresses, because one that moves with
 *     the instance is not there yet when the database starts
 * @param listens the addresses of this node on which the database listens
 * @param peerAddresses tells the addresses from which the other node may come
 * @param passwordFor gives the password for a purpose, the same on both nodes: {@code superuser},
 *     {@code replication}, {@code application}
 */
public record PostgresPlace(
        InstanceName instance,
        DatabaseConfiguration database,
        Member self,
        Supplier<Optional<Member>> partner,
        Path data,
        boolean everywhere,
        List<String> listens,
        Supplier<List<String>> peerAddresses,
        Function<String, String> passwordFor) {

    /** The role through which this node administers its own copy. */
    static final String SUPERUSER = "understudy";

    /** The role through which a standby follows and asks. */
    static final String REPLICATOR = "replicator";

    private static final Set<String> TAKEN =
            Set.of(SUPERUSER, REPLICATOR, "postgres", "template0", "template1", "public", "none");

    /**
     * Refuses nulls and names that PostgreSQL or Understudy need.
     *
     * @throws IllegalArgumentException if the database's name cannot be used
     */
    public PostgresPlace {
        Objects.requireNonNull(instance, "instance");
        Objects.requireNonNull(database, "database");
        Objects.requireNonNull(self, "self");
        Objects.requireNonNull(partner, "partner");
        Objects.requireNonNull(data, "data");
        listens = List.copyOf(listens);
        Objects.requireNonNull(peerAddresses, "peerAddresses");
        Objects.requireNonNull(passwordFor, "passwordFor");
        String name = database.name();
        if (TAKEN.contains(name)
                || name.startsWith("pg_")
                || !name.matches("[A-Za-z0-9_-]{1,63}")) {
            throw new IllegalArgumentException(
                    "database name '"
                            + name
                            + "' cannot be used: take letters, digits, _ and -, at"
                            + " most 63, not beginning with pg_, and none of "
                            + TAKEN);
        }
    }

    /** For nodes with one network. */
    public PostgresPlace(
            InstanceName instance,
            DatabaseConfiguration database,
            Member self,
            Supplier<Optional<Member>> partner,
            Path data,
            boolean everywhere,
            Function<String, String> passwordFor) {
        this(
                instance,
                database,
                self,
                partner,
                data,
                everywhere,
                List.of(self.address()),
                () -> partner.get().stream().map(Member::address).toList(),
                passwordFor);
    }

    /** Returns the other node of the pair, if there is one now. */
    Optional<Member> peer() {
        return partner.get();
    }

    String name() {
        return database.name();
    }

    String host() {
        return self.address();
    }

    int port() {
        return database.port();
    }

    Path root() {
        return data.resolve("databases").resolve(instance.value()).resolve(name());
    }

    Path log() {
        return data.resolve("logs").resolve("database-" + instance + "-" + name() + ".log");
    }

    /** Returns the name by which a node's copy is known to the primary: stream and slot. */
    static String standbyName(Member node) {
        return "understudy_"
                + node.name().value().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
    }

    @Override
    public String toString() {
        return "database '" + name() + "' of instance " + instance;
    }
}
