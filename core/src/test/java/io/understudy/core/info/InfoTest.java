package io.understudy.core.info;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.understudy.core.config.DatabaseConfiguration;
import io.understudy.core.config.GroupConfiguration;
import io.understudy.core.config.InstanceConfiguration;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.config.NodeFile;
import io.understudy.core.config.QuorumLoss;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.node.NodeName;
import io.understudy.core.timing.Timers;
import io.understudy.core.view.ClusterView;
import io.understudy.core.view.InfoView;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The fields stand in the order of the reference; what has no counterpart has no value. */
class InfoTest {

    private static final NodeName ALPHA = NodeName.of("alpha");
    private static final NodeName BETA = NodeName.of("beta");

    /** {@code gethainfo}: the base block, then the block of a peer. */
    private static final String HA_FIELDS =
            """
            ha-base: Server role | Health Monitor IP Address | Virtual IP Address | Version | UDI
             | Number of paired peers
            ha-peer: Health Monitor IP Address | Virtual IP Address | Version | UDI | Failover type
             | Failback type | Failover wait time (seconds) | Instance database name
             | Instance database port | Replication configuration name | Primary database alias
             | Direct connect used | Heartbeat status | Current state
            """;

    /** {@code getserverinfo}. */
    private static final String SERVER_FIELDS =
            """
            server-configuration: Product name | Version | Health Monitor IP Address | Server role
             | Hardware version | Hardware product identifier | Hardware serial number | HTTPS
             | HTTP port | HTTPS port | Log level | Days to keep events
             | Session timeout in minutes | DB backup in days
            server-service: Service name | Version | Admin status | Operation status
            server-monitor: Server start time | Server current time | Server timezone
             | Server timezone offset | Restarts | Used memory (bytes) | Allocated memory (bytes)
             | Max memory (bytes) | DB disk size (bytes)
            server-sessions: Sessions
            server-traps: Trap destinations
            server-counts: Instances | Services | Databases | Limits
            """;

    private static final Map<String, String> LABELS =
            Map.ofEntries(
                    Map.entry("server-role", "Server role"),
                    Map.entry("health-monitor-address", "Health Monitor IP Address"),
                    Map.entry("virtual-address", "Virtual IP Address"),
                    Map.entry("version", "Version"),
                    Map.entry("udi", "UDI"),
                    Map.entry("paired-peers", "Number of paired peers"),
                    Map.entry("failover-type", "Failover type"),
                    Map.entry("failback-type", "Failback type"),
                    Map.entry("failover-wait-seconds", "Failover wait time (seconds)"),
                    Map.entry("database-name", "Instance database name"),
                    Map.entry("database-port", "Instance database port"),
                    Map.entry("replication-configuration", "Replication configuration name"),
                    Map.entry("primary-database-alias", "Primary database alias"),
                    Map.entry("direct-connect", "Direct connect used"),
                    Map.entry("heartbeat-status", "Heartbeat status"),
                    Map.entry("current-state", "Current state"),
                    Map.entry("product-name", "Product name"),
                    Map.entry("hardware-version", "Hardware version"),
                    Map.entry("hardware-product", "Hardware product identifier"),
                    Map.entry("hardware-serial", "Hardware serial number"),
                    Map.entry("https", "HTTPS"),
                    Map.entry("http-port", "HTTP port"),
                    Map.entry("https-port", "HTTPS port"),
                    Map.entry("log-level", "Log level"),
                    Map.entry("event-days", "Days to keep events"),
                    Map.entry("session-timeout-minutes", "Session timeout in minutes"),
                    Map.entry("database-backup-days", "DB backup in days"),
                    Map.entry("service-name", "Service name"),
                    Map.entry("admin-status", "Admin status"),
                    Map.entry("operation-status", "Operation status"),
                    Map.entry("start-time", "Server start time"),
                    Map.entry("current-time", "Server current time"),
                    Map.entry("time-zone", "Server timezone"),
                    Map.entry("time-zone-offset", "Server timezone offset"),
                    Map.entry("restarts", "Restarts"),
                    Map.entry("memory-used-bytes", "Used memory (bytes)"),
                    Map.entry("memory-allocated-bytes", "Allocated memory (bytes)"),
                    Map.entry("memory-most-bytes", "Max memory (bytes)"),
                    Map.entry("database-disk-bytes", "DB disk size (bytes)"),
                    Map.entry("sessions", "Sessions"),
                    Map.entry("trap-destinations", "Trap destinations"),
                    Map.entry("count-instances", "Instances"),
                    Map.entry("count-services", "Services"),
                    Map.entry("count-databases", "Databases"),
                    Map.entry("limits", "Limits"));

    @Test
    void theFieldsOfHaInfoStandInTheReferencesOrder() {
        assertEquals(flat(HA_FIELDS), order(ha("10.77.0.100/24 dev eth0")));
    }

    @Test
    void theFieldsOfServerInfoStandInTheReferencesOrder() {
        assertEquals(flat(SERVER_FIELDS), order(server()));
    }

    @Test
    void haInfoSaysWhatIsKnownAndNothingElse() {
        InfoView info = ha("10.77.0.100/24 dev eth0");
        assertEquals("10.77.0.1", value(info, 0, "health-monitor-address"));
        assertEquals("10.77.0.100/24 dev eth0", value(info, 0, "virtual-address"));
        assertEquals("1", value(info, 0, "paired-peers"));
        assertEquals("P:1:S", value(info, 0, "udi"));
        assertEquals("10.77.0.2", value(info, 1, "health-monitor-address"));
        assertEquals(null, value(info, 1, "virtual-address"));
        assertEquals("AUTOMATIC", value(info, 1, "failover-type"));
        assertEquals("MANUAL", value(info, 1, "failback-type"));
        assertEquals("3.0", value(info, 1, "failover-wait-seconds"));
        assertEquals("nms", value(info, 1, "database-name"));
        assertEquals("5432", value(info, 1, "database-port"));
        assertEquals("//10.77.0.1:5432/nms", value(info, 1, "primary-database-alias"));
        assertEquals("UP", value(info, 1, "heartbeat-status"));
        assertEquals("PRIMARY_ACTIVE", value(info, 1, "current-state"));
        assertEquals(false, info.dormant());
        assertEquals(null, value(ha(null), 0, "virtual-address"));
    }

    @Test
    void serverInfoCountsThisNodesParts() {
        InfoView info = server();
        assertEquals("ENABLED", value(info, 1, "admin-status"));
        assertEquals("RUNNING", value(info, 1, "operation-status"));
        assertEquals("2", value(info, 2, "restarts"));
        assertEquals("7", value(info, 2, "database-disk-bytes"));
        assertEquals("1", value(info, 5, "count-services"));
        assertTrue(info.sections().stream().allMatch(s -> !s.fields().isEmpty()));
    }

    private static String flat(String table) {
        return table.strip().replace("\n |", " |");
    }

    private static String order(InfoView info) {
        return info.sections().stream()
                .map(
                        s ->
                                s.name()
                                        + ": "
                                        + s.fields().stream()
                                                .map(f -> LABELS.getOrDefault(f.key(), f.key()))
                                                .collect(Collectors.joining(" | ")))
                .collect(Collectors.joining("\n"));
    }

    private static String value(InfoView info, int section, String key) {
        return info.sections().get(section).fields().stream()
                .filter(f -> f.key().equals(key))
                .map(InfoView.Field::value)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static NodeConfiguration node() {
        return NodeFile.read(
                        Map.of(
                                "node.name", "alpha",
                                "node.role", "primary",
                                "node.address", "10.77.0.1",
                                "cluster.name", "campus",
                                "cluster.members",
                                        "alpha@10.77.0.1,beta@10.77.0.2,witness@10.77.0.3"))
                .orThrow();
    }

    private static Machine machine() {
        return new Machine(Optional.of("P"), Optional.of("1"), Optional.of("S"));
    }

    private static InfoView ha(String address) {
        InstanceConfiguration instance =
                new InstanceConfiguration(
                        InstanceName.of("nms"),
                        ALPHA,
                        BETA,
                        address == null ? List.of() : List.of(address),
                        List.of(),
                        List.of(
                                new DatabaseConfiguration(
                                        "nms",
                                        DatabaseConfiguration.Engine.POSTGRESQL,
                                        DatabaseConfiguration.Protection.SYNCHRONOUS,
                                        DatabaseConfiguration.WithoutStandby.CONTINUE,
                                        5432)));
        GroupConfiguration group =
                new GroupConfiguration(
                        "campus",
                        "",
                        List.of(ALPHA, BETA),
                        GroupConfiguration.Assignment.ACTIVE_STANDBY,
                        Timers.FAST,
                        GroupConfiguration.Mode.AUTOMATIC,
                        GroupConfiguration.Mode.MANUAL,
                        QuorumLoss.STOP,
                        List.of(instance));
        return HaInfo.of(node(), view(), List.of(group), machine());
    }

    private static InfoView server() {
        return ServerInfo.of(
                node(),
                view(),
                new ServerInfo.Surroundings(
                        machine(),
                        "2026-11-20T08:00:00Z",
                        "Etc/UTC",
                        "Z",
                        2,
                        1,
                        2,
                        3,
                        Optional.of(7L),
                        "INFO",
                        30));
    }

    /** As JSON, so that what is added to the view later needs no change here. */
    private static ClusterView view() {
        String json =
                """
                {"cluster": "campus", "node": "alpha", "version": "1.2",
                 "time": "2026-11-20T08:30:00Z", "configuration": "1.1", "redundant": true,
                 "members": [
                  {"name": "alpha", "role": "PRIMARY", "address": "10.77.0.1", "contact": "SELF"},
                  {"name": "beta", "role": "SECONDARY", "address": "10.77.0.2",
                   "contact": "HEARD", "version": "1.2"}],
                 "groups": [{"name": "campus", "nodes": ["alpha", "beta"],
                  "states": [
                   {"node": "alpha", "state": "NORMAL", "pairState": "PRIMARY_ACTIVE"},
                   {"node": "beta", "state": "NORMAL", "pairState": "SECONDARY_ACTIVE"}],
                  "instances": [{"name": "nms", "home": "alpha", "backup": "beta",
                   "active": "alpha",
                   "services": [
                    {"name": "web", "node": "alpha", "condition": "RUNNING"},
                    {"name": "web", "node": "beta", "condition": "STOPPED"}],
                   "databases": [{"name": "nms", "node": "alpha", "role": "PRIMARY"}]}]}]}
                """;
        try {
            return JsonMapper.builder()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build()
                    .readValue(json, ClusterView.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
