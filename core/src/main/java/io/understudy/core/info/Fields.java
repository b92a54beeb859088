package io.understudy.core.info;

import io.understudy.core.view.InfoView.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects fields in their order. */
final class Fields {

    private final List<Field> fields = new ArrayList<>();

    Fields add(String key, Object value) {
        fields.add(new Field(key, value == null ? null : value.toString()));
        return this;
    }

    Fields add(String key, Optional<?> value) {
        return add(key, value.<Object>map(v -> v).orElse(null));
    }

    /** A field that nothing here corresponds to. */
    Fields none(String key) {
        return add(key, (Object) null);
    }

    List<Field> all() {
        return fields;
    }
}
