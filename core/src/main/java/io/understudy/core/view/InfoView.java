package io.understudy.core.view;

import java.util.List;
import java.util.Objects;

/**
 * What a node says of itself, in the fields and the order that operators of health-monitor pairs
 * know: the body of {@code GET /api/v1/node/ha-info} and {@code /server-info}, and of what a node
 * keeps for the time when it is down.
 *
 * @param kind HA_INFO or SERVER_INFO
 * @param node which
 * @param time when it said so, ISO 8601 with offset
 * @param dormant whether the node serves nothing and stands by
 * @param sections in their order
 */
public record InfoView(
        String kind, String node, String time, boolean dormant, List<Section> sections) {

    /** Refuses nulls; copies the list. */
    public InfoView {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(time, "time");
        sections = List.copyOf(sections);
    }

    /**
     * Fields that belong together.
     *
     * @param name which, also the message key
     * @param number counts sections of the same name from 1; 0: there is just one
     * @param fields in their order
     */
    public record Section(String name, int number, List<Field> fields) {
        /** Refuses nulls; copies the list. */
        public Section {
            Objects.requireNonNull(name, "name");
            fields = List.copyOf(fields);
        }
    }

    /**
     * A field.
     *
     * @param key which, also the message key
     * @param value null: not applicable here
     */
    public record Field(String key, String value) {
        /** Refuses a field without a key. */
        public Field {
            Objects.requireNonNull(key, "key");
        }
    }
}
