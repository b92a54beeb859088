package io.understudy.core.instance;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The name of an instance: what moves as one between two nodes. Letters, digits, {@code _} and
 * {@code -}, up to 128 characters (the rule of redundancy group names); unique in the cluster.
 *
 * @param value the name, never null
 */
public record InstanceName(String value) implements Comparable<InstanceName> {

    private static final Pattern RULE = Pattern.compile("[A-Za-z0-9_-]{1,128}");

    /** What a name must look like, in words, for error messages. */
    public static final String RULE_TEXT = "letters, digits, _ and -, at most 128 characters";

    /**
     * Checks the rule.
     *
     * @throws IllegalArgumentException if {@code value} breaks the rule
     */
    public InstanceName {
        Objects.requireNonNull(value, "value");
        if (!isValid(value)) {
            throw new IllegalArgumentException("instance name '" + value + "': use " + RULE_TEXT);
        }
    }

    /** Returns whether {@code value} may be an instance's name. */
    public static boolean isValid(String value) {
        return RULE.matcher(value).matches();
    }

    /** Short form of the constructor. */
    public static InstanceName of(String value) {
        return new InstanceName(value);
    }

    @Override
    public int compareTo(InstanceName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
