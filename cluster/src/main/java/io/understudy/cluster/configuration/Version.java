package io.understudy.cluster.configuration;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which configuration it is, written {@code epoch.revision}.
 *
 * @param epoch the proposal's, unique in the cluster
 * @param revision counts the configurations, from 1
 */
public record Version(long epoch, long revision) implements Comparable<Version> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,18})\\.(\\d{1,18})");
    private static final Comparator<Version> ORDER =
            Comparator.comparingLong(Version::revision).thenComparingLong(Version::epoch);

    /**
     * Reads {@link #toString()} back.
     *
     * @throws IllegalArgumentException if {@code text} is not of that form
     */
    public static Version parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no configuration version; write epoch.revision, as 3.17");
        }
        return new Version(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }

    /** The later configuration is the greater one. */
    @Override
    public int compareTo(Version other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return epoch + "." + revision;
    }
}
