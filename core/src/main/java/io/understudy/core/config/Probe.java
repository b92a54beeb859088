package io.understudy.core.config;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** How to tell whether a service works. */
public sealed interface Probe {

    /** A TCP connection to {@code host:port} opens. */
    record Tcp(String host, int port) implements Probe {
        /** Refuses nulls. */
        public Tcp {
            Objects.requireNonNull(host, "host");
        }
    }

    /** A GET of {@code url} (http) answers with a status from 200 to 399. */
    record Http(String url) implements Probe {
        /** Refuses nulls. */
        public Http {
            Objects.requireNonNull(url, "url");
        }
    }

    /** A command ends with exit status 0; run without a shell. */
    record Command(List<String> command) implements Probe {
        /** Copies the list. */
        public Command {
            command = List.copyOf(command);
        }
    }

    /**
     * A query through JDBC succeeds.
     *
     * @param url without user and password; they would be shown
     * @param user empty: none
     * @param passwordFile its first line is the password; read anew at each connection
     * @param query must not fail; what it answers does not matter
     */
    record Jdbc(String url, Optional<String> user, Optional<String> passwordFile, String query)
            implements Probe {
        /** Refuses nulls. */
        public Jdbc {
            Objects.requireNonNull(url, "url");
            Objects.requireNonNull(user, "user");
            Objects.requireNonNull(passwordFile, "passwordFile");
            Objects.requireNonNull(query, "query");
        }
    }

    /**
     * A file can be written and forced to the disk that holds {@code directory}. Watched on both
     * nodes at all times.
     *
     * @param directory absolute, or counted from the node's data directory
     * @param warning percentage of used space from which there is a warning event
     * @param serious the same, serious
     * @param critical the same, critical; a volume so full still works until a write fails
     */
    record Volume(String directory, int warning, int serious, int critical) implements Probe {
        /** Thresholds of {@link #warning()} where the file says nothing. */
        public static final int WARNING = 75;

        /** Threshold of {@link #serious()} where the file says nothing. */
        public static final int SERIOUS = 85;

        /** Threshold of {@link #critical()} where the file says nothing. */
        public static final int CRITICAL = 95;

        /** Refuses null. */
        public Volume {
            Objects.requireNonNull(directory, "directory");
        }

        /** A volume with the usual thresholds. */
        public static Volume of(String directory) {
            return new Volume(directory, WARNING, SERIOUS, CRITICAL);
        }
    }

    /** The process lives; what a service without a probe gets. */
    record Alive() implements Probe {}
}
