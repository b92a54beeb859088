package io.understudy.ejb.control;

import java.util.Objects;

/**
 * The configuration in force.
 *
 * @param version {@code epoch.revision}, the tag to expect when applying the next one
 * @param document the group files as applied, YAML; empty before the first
 */
public record ConfigurationView(String version, String document) {

    /** Refuses nulls. */
    public ConfigurationView {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(document, "document");
    }
}
