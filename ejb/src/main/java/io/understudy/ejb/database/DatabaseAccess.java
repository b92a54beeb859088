package io.understudy.ejb.database;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * How a service reaches a database of its instance.
 *
 * @param host the node's own address
 * @param port the database's TCP port
 * @param name the database's name
 * @param user the role that owns it
 * @param passwordFile a file, readable by this node's user only, that holds the password
 */
public record DatabaseAccess(String host, int port, String name, String user, Path passwordFile) {

    /** Refuses nulls. */
    public DatabaseAccess {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(passwordFile, "passwordFile");
    }

    /**
     * Returns the variables that tell a service about its databases: {@code
     * UNDERSTUDY_DATABASE_n_HOST}, {@code _PORT}, {@code _NAME}, {@code _USER} and {@code
     * _PASSWORD_FILE}, {@code n} counted from 1 in the order of the group file.
     */
    public static Map<String, String> environment(List<DatabaseAccess> databases) {
        Map<String, String> variables = new TreeMap<>();
        int number = 1;
        for (DatabaseAccess database : databases) {
            String prefix = "UNDERSTUDY_DATABASE_" + number++ + "_";
            variables.put(prefix + "HOST", database.host());
            variables.put(prefix + "PORT", Integer.toString(database.port()));
            variables.put(prefix + "NAME", database.name());
            variables.put(prefix + "USER", database.user());
            variables.put(prefix + "PASSWORD_FILE", database.passwordFile().toString());
        }
        return variables;
    }
}
