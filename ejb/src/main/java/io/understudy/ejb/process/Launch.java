package io.understudy.ejb.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What to start and how.
 *
 * @param name for people and for error messages
 * @param command program and arguments, no shell; never a secret, as every user of the host sees it
 * @param environment added to the inherited one (or the whole of it); never a secret
 * @param inherit whether the child gets this node's environment, without variables whose names
 *     suggest a secret; otherwise only PATH and the language settings
 * @param directory its working directory
 * @param log the file to which its output and errors are appended
 * @param account the account to run under; empty: this node's own
 */
public record Launch(
        String name,
        List<String> command,
        Map<String, String> environment,
        boolean inherit,
        Path directory,
        Path log,
        Optional<Account> account) {

    /** Refuses nulls and an empty command; copies collections. */
    public Launch {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(log, "log");
        Objects.requireNonNull(account, "account");
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("'" + name + "' has no command to start");
        }
    }

    /** Returns the same launch with another command. */
    public Launch withCommand(List<String> other) {
        return new Launch(name, other, environment, inherit, directory, log, account);
    }
}
