package io.understudy.core.node;

import java.util.Objects;

/**
 * The name of a member of the cluster: a node or the witness. By the rule of the set-up wizard
 * (health-monitor pairs): letters, digits and dashes, begins with a letter, ends with a letter or
 * digit, at most 63 characters (RFC 1123 label).
 *
 * @param value the name, never null
 */
public record NodeName(String value) implements Comparable<NodeName> {

    private static final int LONGEST = 63;

    /** What a name must look like, in words, for error messages. */
    public static final String RULE_TEXT =
            "letters, digits and dashes, first a letter, last a letter or digit, at most 63 characters";

    /**
     * Checks the rule.
     *
     * @throws IllegalArgumentException if {@code value} breaks the rule
     */
    public NodeName {
        Objects.requireNonNull(value, "value");
        if (!isValid(value)) {
            throw new IllegalArgumentException("node name '" + value + "': use " + RULE_TEXT);
        }
    }

    /** Returns whether {@code value} may be a node's name. Asked for each lease that is read. */
    public static boolean isValid(String value) {
        int length = value.length();
        if (length == 0
                || length > LONGEST
                || !isLetter(value.charAt(0))
                || value.charAt(length - 1) == '-') {
            return false;
        }
        for (int i = 1; i < length; i++) {
            char c = value.charAt(i);
            if (!isLetter(c) && !(c >= '0' && c <= '9') && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    /** Short form of the constructor. */
    public static NodeName of(String value) {
        return new NodeName(value);
    }

    @Override
    public int compareTo(NodeName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
