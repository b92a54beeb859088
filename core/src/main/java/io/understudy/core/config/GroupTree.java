package io.understudy.core.config;

import io.understudy.core.time.DurationText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes a group as the tree of a group file, in the order of the contract's example. */
final class GroupTree {

    private GroupTree() {}

    static Map<String, Object> of(GroupConfiguration group) {
        return of(group, TimersReader.toTree(group.timers()));
    }

    /** Like {@link #of(GroupConfiguration)}, with every timer spelled out. */
    static Map<String, Object> full(GroupConfiguration group) {
        return of(group, TimersReader.all(group.timers()));
    }

    private static Map<String, Object> of(GroupConfiguration group, Object timers) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("group", group.name());
        if (!group.description().isEmpty()) {
            tree.put("description", group.description());
        }
        tree.put("nodes", group.nodes().stream().map(n -> (Object) n.value()).toList());
        tree.put("assignment", Section.wordOf(group.assignment()));
        tree.put("timers", timers);
        tree.put("failover", Section.wordOf(group.failover()));
        tree.put("fallback", Section.wordOf(group.fallback()));
        if (group.onQuorumLoss() != QuorumLoss.STOP) {
            tree.put("on-quorum-loss", Section.wordOf(group.onQuorumLoss()));
        }
        tree.put("instances", group.instances().stream().map(GroupTree::instance).toList());
        return tree;
    }

    private static Object instance(InstanceConfiguration instance) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", instance.name().value());
        tree.put("home", instance.home().value());
        putUnlessEmpty(tree, "addresses", instance.addresses());
        putUnlessEmpty(tree, "ports", instance.ports());
        putUnlessEmpty(
                tree, "services", instance.services().stream().map(GroupTree::service).toList());
        hooks(instance, tree);
        putUnlessEmpty(
                tree, "databases", instance.databases().stream().map(GroupTree::database).toList());
        return tree;
    }

    private static void hooks(InstanceConfiguration instance, Map<String, Object> tree) {
        Map<String, Object> hooks = new LinkedHashMap<>();
        for (Hook hook : instance.hooks()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("run", new ArrayList<Object>(hook.run()));
            one.put("limit", DurationText.format(hook.limit()));
            if (hook.required()) {
                one.put("required", true);
            }
            hooks.put(Section.wordOf(hook.moment()), one);
        }
        if (!hooks.isEmpty()) {
            tree.put("hooks", hooks);
        }
    }

    private static Object service(ServiceConfiguration service) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", service.name());
        tree.put("kind", Section.wordOf(service.kind()));
        service.runBy()
                .ifPresent(r -> tree.put(service.kind() == ServiceKind.OCF ? "agent" : "unit", r));
        if (!service.parameters().isEmpty()) {
            tree.put("parameters", new TreeMap<>(service.parameters()));
        }
        putUnlessEmpty(tree, "start", service.start());
        putUnlessEmpty(tree, "stop", service.stop());
        if (!service.environment().isEmpty()) {
            tree.put("environment", new TreeMap<>(service.environment()));
        }
        probe(service.probe(), tree);
        tree.put("critical", service.critical());
        tree.put("delay", DurationText.format(service.delay()));
        service.interval().ifPresent(i -> tree.put("interval", DurationText.format(i)));
        if (service.kind().isStarted()) {
            tree.put("restarts", service.restarts());
        }
        service.after().ifPresent(a -> tree.put("after", new ArrayList<Object>(a)));
        if (service.mode() != StartMode.AUTOMATIC) {
            tree.put("mode", Section.wordOf(service.mode()));
        }
        if (service.manualStop() != ManualStop.STAY) {
            tree.put("manualStop", Section.wordOf(service.manualStop()));
        }
        return tree;
    }

    private static void probe(Probe probe, Map<String, Object> tree) {
        if (probe instanceof Probe.Tcp tcp) {
            String host = tcp.host().indexOf(':') >= 0 ? "[" + tcp.host() + "]" : tcp.host();
            tree.put("probe", Map.of("tcp", host + ":" + tcp.port()));
        } else if (probe instanceof Probe.Http http) {
            tree.put("probe", Map.of("http", http.url()));
        } else if (probe instanceof Probe.Command command) {
            tree.put("probe", Map.of("command", command.command()));
        } else if (probe instanceof Probe.Jdbc jdbc) {
            tree.put("probe", Map.of("jdbc", jdbc(jdbc)));
        } else if (probe instanceof Probe.Volume volume) {
            tree.put("probe", Map.of("volume", volume(volume)));
        }
    }

    private static Map<String, Object> jdbc(Probe.Jdbc jdbc) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("url", jdbc.url());
        jdbc.user().ifPresent(u -> tree.put("user", u));
        jdbc.passwordFile().ifPresent(f -> tree.put("password-file", f));
        tree.put("query", jdbc.query());
        return tree;
    }

    private static Map<String, Object> volume(Probe.Volume volume) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("directory", volume.directory());
        tree.put("warning", volume.warning());
        tree.put("serious", volume.serious());
        tree.put("critical", volume.critical());
        return tree;
    }

    private static Object database(DatabaseConfiguration database) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", database.name());
        tree.put("engine", Section.wordOf(database.engine()));
        tree.put("protection", Section.wordOf(database.protection()));
        if (database.protection() == DatabaseConfiguration.Protection.SYNCHRONOUS) {
            tree.put("withoutStandby", Section.wordOf(database.withoutStandby()));
        }
        tree.put("port", database.port());
        return tree;
    }

    private static void putUnlessEmpty(Map<String, Object> tree, String key, List<?> list) {
        if (!list.isEmpty()) {
            tree.put(key, new ArrayList<Object>(list));
        }
    }
}
