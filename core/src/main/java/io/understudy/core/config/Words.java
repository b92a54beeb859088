package io.understudy.core.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The words that all readers of configuration share: the rule of names, and unknown keys. */
final class Words {

    /**
     * The rule of group names in the presence redundancy groups, taken for every other name too.
     */
    static final String NAME_RULE = "letters, digits, _ and -, at most 128 characters";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,128}");

    private Words() {}

    static boolean isName(String value) {
        return NAME.matcher(value).matches();
    }

    /** Returns the problem of a key that does not exist, with the nearest one that does. */
    static Problem unknown(String path, String key, Collection<String> known) {
        Optional<String> nearest = nearest(key, known);
        String list = known.stream().collect(Collectors.joining(", "));
        return new Problem(
                path,
                "is an unknown key",
                nearest.map(n -> "write " + n + " or remove it (known: " + list + ")")
                        .orElse("remove it (known: " + list + ")"));
    }

    /** Returns the problem of a word that is none of the known ones. */
    static Problem unknownWord(String path, String value, Collection<String> known) {
        return new Problem(path, "is '" + value + "', which is not known", "write " + oneOf(known));
    }

    static String oneOf(Collection<String> words) {
        return (words.size() > 1 ? "one of " : "")
                + words.stream().collect(Collectors.joining(", "));
    }

    private static Optional<String> nearest(String key, Collection<String> known) {
        String lower = key.toLowerCase(Locale.ROOT);
        return known.stream()
                .filter(
                        k ->
                                distance(lower, k.toLowerCase(Locale.ROOT))
                                        <= Math.max(1, k.length() / 3))
                .min(Comparator.comparingInt(k -> distance(lower, k.toLowerCase(Locale.ROOT))));
    }

    /** Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
