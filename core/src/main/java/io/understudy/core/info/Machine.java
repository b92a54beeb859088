package io.understudy.core.info;

import java.util.Objects;
import java.util.Optional;

/**
 * The host, as its firmware describes it; what it does not say is empty.
 *
 * @param product what it is
 * @param version which version of it
 * @param serial which one of them
 */
public record Machine(Optional<String> product, Optional<String> version, Optional<String> serial) {

    /** Refuses nulls. */
    public Machine {
        Objects.requireNonNull(product, "product");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(serial, "serial");
    }

    /** A host that says nothing of itself. */
    public static Machine unknown() {
        return new Machine(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Returns product, version and serial number in one, where all three are known. */
    Optional<String> identifier() {
        return product.flatMap(p -> version.flatMap(v -> serial.map(s -> p + ":" + v + ":" + s)));
    }
}
