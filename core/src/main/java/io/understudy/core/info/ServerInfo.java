package io.understudy.core.info;

import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.view.ClusterView;
import io.understudy.core.view.InfoView;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The server as {@code getserverinfo} of the health-monitor pairs shows it. */
public final class ServerInfo {

    private ServerInfo() {}

    /**
     * The process and its host at this moment.
     *
     * @param machine the host
     * @param startTime when the process began, ISO 8601 with offset
     * @param timeZone name of its time zone
     * @param offset the zone's offset now
     * @param restarts how often the process was started again since the data directory was made
     * @param usedBytes memory in use
     * @param allocatedBytes memory taken from the host
     * @param mostBytes memory that may be taken
     * @param databaseBytes what the databases occupy on disk, if it was counted
     * @param logLevel of the server's log
     * @param eventDays how many days events are kept
     */
    public record Surroundings(
            Machine machine,
            String startTime,
            String timeZone,
            String offset,
            int restarts,
            long usedBytes,
            long allocatedBytes,
            long mostBytes,
            Optional<Long> databaseBytes,
            String logLevel,
            int eventDays) {

        /** Refuses nulls. */
        public Surroundings {
            Objects.requireNonNull(machine, "machine");
            Objects.requireNonNull(startTime, "startTime");
            Objects.requireNonNull(timeZone, "timeZone");
            Objects.requireNonNull(offset, "offset");
            Objects.requireNonNull(databaseBytes, "databaseBytes");
            Objects.requireNonNull(logLevel, "logLevel");
        }
    }

    /** Returns the information; what has no counterpart here is there without a value. */
    public static InfoView of(NodeConfiguration node, ClusterView view, Surroundings around) {
        List<ClusterView.Instance> instances =
                view.groups().stream().flatMap(g -> g.instances().stream()).toList();
        String self = node.name().value();
        List<ClusterView.Service> services =
                instances.stream()
                        .flatMap(i -> i.services().stream())
                        .filter(s -> s.node().equals(self))
                        .toList();
        List<InfoView.Section> sections = new ArrayList<>();
        sections.add(configuration(node, view, around));
        for (ClusterView.Service service : services) {
            sections.add(service(service, sections.size()));
        }
        sections.add(monitor(view, around));
        sections.add(section("server-sessions", new Fields().none("sessions")));
        sections.add(section("server-traps", new Fields().none("trap-destinations")));
        long databases =
                instances.stream()
                        .flatMap(i -> i.databases().stream())
                        .filter(d -> d.node().equals(self))
                        .count();
        sections.add(
                section(
                        "server-counts",
                        new Fields()
                                .add("count-instances", instances.size())
                                .add("count-services", services.size())
                                .add("count-databases", databases)
                                .none("limits")));
        boolean serves = instances.stream().anyMatch(i -> self.equals(i.active()));
        return new InfoView("SERVER_INFO", self, view.time(), !serves, sections);
    }

    private static InfoView.Section configuration(
            NodeConfiguration node, ClusterView view, Surroundings around) {
        return section(
                "server-configuration",
                new Fields()
                        .add("product-name", "Understudy")
                        .add("version", view.version())
                        .add("health-monitor-address", node.address())
                        .add("server-role", node.role())
                        .add("hardware-version", around.machine().version())
                        .add("hardware-product", around.machine().product())
                        .add("hardware-serial", around.machine().serial())
                        .none("https")
                        .add("http-port", node.httpPort())
                        .none("https-port")
                        .add("log-level", around.logLevel())
                        .add("event-days", around.eventDays())
                        .none("session-timeout-minutes")
                        .none("database-backup-days"));
    }

    private static InfoView.Section service(ClusterView.Service service, int number) {
        String wanted =
                service.byHand()
                        ? "DISABLED"
                        : service.condition().equals("STOPPED") ? "DORMANT" : "ENABLED";
        return new InfoView.Section(
                "server-service",
                number,
                new Fields()
                        .add("service-name", service.name())
                        .none("version")
                        .add("admin-status", wanted)
                        .add("operation-status", service.condition())
                        .all());
    }

    private static InfoView.Section monitor(ClusterView view, Surroundings around) {
        return section(
                "server-monitor",
                new Fields()
                        .add("start-time", around.startTime())
                        .add("current-time", view.time())
                        .add("time-zone", around.timeZone())
                        .add("time-zone-offset", around.offset())
                        .add("restarts", around.restarts())
                        .add("memory-used-bytes", around.usedBytes())
                        .add("memory-allocated-bytes", around.allocatedBytes())
                        .add("memory-most-bytes", around.mostBytes())
                        .add("database-disk-bytes", around.databaseBytes()));
    }

    private static InfoView.Section section(String name, Fields fields) {
        return new InfoView.Section(name, 0, fields.all());
    }
}
