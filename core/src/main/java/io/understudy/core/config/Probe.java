package io.understudy.core.config;

import java.util.List;
import java.util.Objects;

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

    /** The process lives; what a process service without a probe gets. */
    record Alive() implements Probe {}
}
