package io.understudy.core.record;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.node.NodeName;
import io.understudy.core.recovery.Situation;
import io.understudy.core.time.Moment;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads trees of {@link Tree} back. What an older version did not write yet is taken from a given
 * default, else empty, false or zero; what a newer one wrote besides is ignored.
 */
final class TreeReader {

    private TreeReader() {}

    /**
     * Returns the {@code type} that {@code tree} was made of.
     *
     * @param otherwise gives what the tree lacks, may be null
     * @throws IllegalArgumentException if the tree is not one of that type: what and where
     */
    static <T> T read(Object tree, Class<T> type, T otherwise) {
        return type.cast(value(tree, type, otherwise, type.getSimpleName()));
    }

    /** Returns the situation that {@code tree} was made of. */
    static Situation situation(Object tree) {
        Map<?, ?> map = map(tree, "before");
        Situation situation =
                Situation.begin(
                        (Moment) value(map.get("started"), Moment.class, null, "before.started"));
        for (Field field : Tree.fields(Situation.class)) {
            if (map.containsKey(field.getName())) {
                String where = "before." + field.getName();
                Object value = value(map.get(field.getName()), field.getGenericType(), null, where);
                try {
                    field.set(situation, value);
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException(field + " cannot be set", e);
                }
            }
        }
        return situation;
    }

    private static Object value(Object tree, Type type, Object otherwise, String where) {
        try {
            if (type instanceof ParameterizedType generic) {
                return generic(tree, generic, where);
            }
            return plain(tree, (Class<?>) type, otherwise, where);
        } catch (ClassCastException | DateTimeParseException e) {
            throw new IllegalArgumentException(where + " is not a " + type.getTypeName(), e);
        }
    }

    private static Object generic(Object tree, ParameterizedType type, String where) {
        Type first = type.getActualTypeArguments()[0];
        if (type.getRawType() == Optional.class) {
            return Optional.ofNullable(tree).map(t -> value(t, first, null, where));
        }
        if (type.getRawType() == List.class) {
            return elements(tree, first, where);
        }
        if (type.getRawType() == Set.class) {
            return new LinkedHashSet<>(elements(tree, first, where));
        }
        if (type.getRawType() == Map.class) {
            Type second = type.getActualTypeArguments()[1];
            Map<Object, Object> result = new LinkedHashMap<>();
            map(tree == null ? Map.of() : tree, where)
                    .forEach(
                            (k, v) ->
                                    result.put(
                                            value(k, first, null, where),
                                            value(v, second, null, where + "." + k)));
            return result;
        }
        throw new IllegalArgumentException(where + ": no form is known for " + type);
    }

    private static List<Object> elements(Object tree, Type type, String where) {
        List<Object> result = new ArrayList<>();
        for (Object element : tree == null ? List.of() : (List<?>) tree) {
            result.add(value(element, type, null, where + "[]"));
        }
        return result;
    }

    private static Object plain(Object tree, Class<?> type, Object otherwise, String where) {
        if (type == OptionalLong.class) {
            return tree == null ? OptionalLong.empty() : OptionalLong.of(number(tree));
        }
        if (type == OptionalInt.class) {
            return tree == null ? OptionalInt.empty() : OptionalInt.of((int) number(tree));
        }
        if (tree == null) {
            return otherwise != null ? otherwise : nothing(type, where);
        }
        if (type == boolean.class || type == Boolean.class || type == String.class) {
            return tree;
        }
        if (type == long.class || type == Long.class) {
            return number(tree);
        }
        if (type == int.class || type == Integer.class) {
            return (int) number(tree);
        }
        if (type == double.class || type == Double.class) {
            return ((Number) tree).doubleValue();
        }
        return composed(tree, type, otherwise, where);
    }

    private static Object composed(Object tree, Class<?> type, Object otherwise, String where) {
        if (type == Moment.class) {
            return new Moment(number(tree));
        }
        if (type == Epoch.class) {
            return new Epoch(number(tree));
        }
        if (type == NodeName.class) {
            return NodeName.of((String) tree);
        }
        if (type == InstanceName.class) {
            return InstanceName.of((String) tree);
        }
        if (type == Duration.class) {
            return Duration.parse((String) tree);
        }
        if (type.isEnum()) {
            return constant(type, (String) tree, where);
        }
        if (type.isSealed()) {
            return sealed(map(tree, where), type, where);
        }
        if (type.isRecord()) {
            return record(map(tree, where), type, otherwise, where);
        }
        throw new IllegalArgumentException(where + ": no form is known for " + type);
    }

    /** What stands for a component that an older version did not know. */
    private static Object nothing(Class<?> type, String where) {
        if (type == boolean.class) {
            return false;
        }
        if (type == long.class) {
            return 0L;
        }
        if (type == int.class) {
            return 0;
        }
        if (type == double.class) {
            return 0.0;
        }
        if (type == Duration.class) {
            return Duration.ZERO;
        }
        if (type == Epoch.class) {
            return Epoch.NONE;
        }
        if (type == String.class) {
            return "";
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        throw new IllegalArgumentException(where + " is missing");
    }

    private static Object constant(Class<?> type, String name, String where) {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(
                where + ": this version knows no " + type.getSimpleName() + " " + name);
    }

    private static Object sealed(Map<?, ?> tree, Class<?> type, String where) {
        Object name = tree.get(Tree.TYPE);
        for (Class<?> one : type.getPermittedSubclasses()) {
            if (one.getSimpleName().equals(name)) {
                return record(tree, one, null, where);
            }
        }
        throw new IllegalArgumentException(
                where + ": this version knows no " + type.getSimpleName() + " " + name);
    }

    private static Object record(Map<?, ?> tree, Class<?> type, Object otherwise, String where) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            String name = components[i].getName();
            Object given = otherwise == null ? null : Tree.value((Record) otherwise, components[i]);
            types[i] = components[i].getType();
            values[i] =
                    tree.containsKey(name) || given == null
                            ? value(
                                    tree.get(name),
                                    components[i].getGenericType(),
                                    given,
                                    where + "." + name)
                            : given;
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(where + ": " + e.getCause().getMessage(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }

    private static Map<?, ?> map(Object tree, String where) {
        if (tree instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException(where + " is not an object");
    }

    private static long number(Object tree) {
        return ((Number) tree).longValue();
    }
}
