package io.understudy.ejb.control;

import java.util.List;
import java.util.Objects;

/**
 * What an apply did, or would do.
 *
 * @param version the version in force after it (of a dry run: still in force)
 * @param applied false for a dry run and where nothing differed
 * @param differences one line each, for people; empty: nothing differed
 */
public record ApplyView(String version, boolean applied, List<String> differences) {

    /** Refuses nulls; copies the list. */
    public ApplyView {
        Objects.requireNonNull(version, "version");
        differences = List.copyOf(differences);
    }
}
