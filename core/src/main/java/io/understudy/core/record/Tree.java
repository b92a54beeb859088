package io.understudy.core.record;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.node.NodeName;
import io.understudy.core.recovery.Effect;
import io.understudy.core.recovery.Event;
import io.understudy.core.recovery.Situation;
import io.understudy.core.time.Moment;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Writes what decisions are made of as trees: a record is a map by component, a moment its
 * nanoseconds, an absent optional null, an event or effect carries its kind as {@code type}. By
 * reflection over all fields, so that nothing that a decision rests on can be forgotten here.
 */
final class Tree {

    /** The key under which a sealed type's constant says which one it is. */
    static final String TYPE = "type";

    private Tree() {}

    /**
     * Returns {@code value} as maps, lists, strings, numbers, booleans and null.
     *
     * @throws IllegalArgumentException for a type that this does not know
     */
    static Object of(Object value) {
        if (value == null || value instanceof String || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Number) {
            return value;
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value instanceof Optional<?> optional) {
            return optional.map(Tree::of).orElse(null);
        }
        if (value instanceof OptionalLong optional) {
            return optional.isPresent() ? optional.getAsLong() : null;
        }
        if (value instanceof OptionalInt optional) {
            return optional.isPresent() ? optional.getAsInt() : null;
        }
        if (value instanceof Duration duration) {
            return duration.toString();
        }
        return of(value, scalar(value));
    }

    private static Object of(Object value, Object scalar) {
        if (scalar != null) {
            return scalar;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Tree::of).toList();
        }
        if (value instanceof Collection<?> set) {
            // A set has no order of its own: two equal ones must give equal trees.
            return set.stream().map(Tree::of).map(String::valueOf).sorted().toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> sorted = new TreeMap<>();
            map.forEach((k, v) -> sorted.put(String.valueOf(of(k)), of(v)));
            return new LinkedHashMap<>(sorted);
        }
        if (value instanceof Record record) {
            return ofRecord(record);
        }
        if (value instanceof Situation) {
            return ofFields(value);
        }
        throw new IllegalArgumentException("a decision cannot hold a " + value.getClass());
    }

    /** The values that are one word or number, or null for anything else. */
    private static Object scalar(Object value) {
        if (value instanceof Moment moment) {
            return moment.nanos();
        }
        if (value instanceof Epoch epoch) {
            return epoch.value();
        }
        if (value instanceof NodeName || value instanceof InstanceName) {
            return value.toString();
        }
        return null;
    }

    private static Map<String, Object> ofRecord(Record record) {
        Map<String, Object> tree = new LinkedHashMap<>();
        if (record instanceof Event || record instanceof Effect) {
            tree.put(TYPE, record.getClass().getSimpleName());
        }
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            tree.put(component.getName(), of(value(record, component)));
        }
        return tree;
    }

    static Object value(Record record, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }

    private static Map<String, Object> ofFields(Object object) {
        Map<String, Object> tree = new LinkedHashMap<>();
        for (Field field : fields(object.getClass())) {
            try {
                tree.put(field.getName(), of(field.get(object)));
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(field + " cannot be read", e);
            }
        }
        return tree;
    }

    static List<Field> fields(Class<?> type) {
        List<Field> fields = new ArrayList<>();
        for (Field field : type.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) && !field.isSynthetic()) {
                field.setAccessible(true);
                fields.add(field);
            }
        }
        return fields;
    }
}
