package io.understudy.cli.guard;

import io.understudy.core.instance.InstanceName;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** The control groups of leased services; all calls come under the guard's lock. */
final class ControlGroups {

    private static final System.Logger LOG = System.getLogger(ControlGroups.class.getName());

    private final Map<ControlGroup, InstanceName> known = new LinkedHashMap<>();

    /** Those that were killed and are not empty yet: told once. */
    private final Set<ControlGroup> killed = new HashSet<>();

    void add(ControlGroup group, InstanceName instance) {
        known.put(group, instance);
    }

    /** Forgets a group in which nothing lives; one that is populated stays. */
    void remove(ControlGroup group) {
        if (!group.populated()) {
            known.remove(group);
        }
    }

    Collection<ControlGroup> all() {
        return known.keySet();
    }

    boolean anyPopulated() {
        return known.keySet().stream().anyMatch(ControlGroup::populated);
    }

    Collection<InstanceName> instances() {
        return known.values();
    }

    /**
     * Kills what lives in the groups of instances that have no lease.
     *
     * @return whether something was found alive; then ask again soon
     */
    boolean killUnless(Predicate<InstanceName> leased) {
        boolean found = false;
        for (Map.Entry<ControlGroup, InstanceName> one : known.entrySet()) {
            if (!leased.test(one.getValue()) && one.getKey().populated()) {
                found = true;
                one.getKey().kill();
                if (!killed.add(one.getKey())) {
                    continue;
                }
                LOG.log(
                        System.Logger.Level.WARNING,
                        "killed all in {0} of instance {1}: the lease is over",
                        one.getKey().directory(),
                        one.getValue());
            } else {
                killed.remove(one.getKey());
            }
        }
        return found;
    }
}
