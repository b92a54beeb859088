package io.understudy.systemtests.lab;

import io.understudy.systemtests.Await;
import io.understudy.systemtests.Host;
import io.understudy.systemtests.Layout;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Patroni with etcd, PostgreSQL in synchronous mode, and the address moved by a callback. */
final class Patroni extends Peer {

    private static final Path POSTGRES = Path.of("/usr/lib/postgresql/15/bin");
    private static final String ACCOUNT = "postgres";
    private static final String PASSWORD = "lab";
    private static final int DATABASE = 24032;
    private static final int REST = 8008;
    private static final Duration UNIT_RESTARTS_AFTER = Duration.ofMillis(100);
    private static final int PATIENCE_MILLIS = 2000;

    private final Etcd etcd;
    private final PeerDatabase database = new PeerDatabase(DATABASE, ACCOUNT, PASSWORD);
    private final Map<String, Process> daemons = new HashMap<>();

    Patroni(PeerLab lab, boolean tuned) {
        super(lab, tuned);
        etcd = new Etcd(lab, tuned);
    }

    /** Says what is missing here; empty: nothing. */
    static String obstacle() {
        if (!Tool.exists("patroni")) {
            return "patroni is missing (package patroni)";
        }
        if (!Tool.exists("etcd")) {
            return "etcd is missing (package etcd-server)";
        }
        return Files.isExecutable(POSTGRES.resolve("postgres"))
                ? ""
                : "PostgreSQL is missing (package postgresql-15)";
    }

    @Override
    Optional<PeerDatabase> database() {
        return Optional.of(database);
    }

    @Override
    Duration settle() {
        return Duration.ofSeconds(120);
    }

    @Override
    Duration takeover() {
        return Duration.ofSeconds(tuned ? 30 : 45);
    }

    @Override
    void start() {
        Layout.MEMBERS.forEach(etcd::start);
        try (InputStream text = Lab.class.getResourceAsStream("peer-callback.pl")) {
            Files.copy(text, callback());
            for (String node : Layout.NODES) {
                // Below the lab's folder everything is root's alone, but for this.
                Path data = data(node);
                Files.createDirectory(data);
                var accounts = data.getFileSystem().getUserPrincipalLookupService();
                Files.setOwner(data, accounts.lookupPrincipalByName(ACCOUNT));
                Files.writeString(configuration(node), text(node));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // The first to start becomes the leader; the fault strikes wherever that is.
        Layout.NODES.forEach(this::startManager);
    }

    private Path callback() {
        return lab.directory().resolve("peer-callback.pl");
    }

    private Path data(String node) {
        return lab.directory().resolve(node + "-patroni");
    }

    private Path configuration(String node) {
        return lab.directory().resolve(node + "-patroni.yml");
    }

    private String text(String node) {
        String address = Wires.address(node);
        String call = "perl " + callback() + " " + Lab.VIRTUAL_4 + " " + Wires.DEVICE;
        return """
               scope: play
               name: %1$s
               restapi:
                 listen: "%2$s:%3$d"
                 connect_address: "%2$s:%3$d"
               etcd3:
                 hosts: "%4$s"
               bootstrap:
                 dcs:
                   ttl: %5$d
                   loop_wait: %6$d
                   retry_timeout: %7$d
                   %8$s
                   maximum_lag_on_failover: 1048576
                   synchronous_mode: true
                   postgresql:
                     use_pg_rewind: true
                     remove_data_directory_on_rewind_failure: true
                     remove_data_directory_on_diverged_timelines: true
                     use_slots: true
                 initdb:
                   - encoding: UTF8
                   - data-checksums
               postgresql:
                 listen: "0.0.0.0:%9$d"
                 connect_address: "%2$s:%9$d"
                 data_dir: "%10$s/data"
                 bin_dir: "%11$s"
                 use_unix_socket: true
                 pgpass: "%10$s/pgpass"
                 pg_hba:
                   - host all all 10.77.0.0/24 scram-sha-256
                   - host replication all 10.77.0.0/24 scram-sha-256
                   - host all all 127.0.0.1/32 scram-sha-256
                   - host replication all 127.0.0.1/32 scram-sha-256
                   - local all all trust
                   - local replication all trust
                 parameters:
                   unix_socket_directories: "%10$s"
                 authentication:
                   superuser: { username: %12$s, password: %13$s }
                   replication: { username: replicator, password: %13$s }
                   rewind: { username: rewinder, password: %13$s }
                 callbacks:
                   on_start: "%14$s"
                   on_stop: "%14$s"
                   on_role_change: "%14$s"
               """
                .formatted(
                        node,
                        address,
                        REST,
                        Etcd.endpoints(),
                        tuned ? 20 : 30,
                        tuned ? 1 : 10,
                        tuned ? 3 : 10,
                        tuned ? "primary_start_timeout: 0" : "",
                        DATABASE,
                        data(node),
                        POSTGRES,
                        ACCOUNT,
                        PASSWORD,
                        call);
    }

    @Override
    void startNode(String node) {
        etcd.start(node);
        startManager(node);
    }

    @Override
    void startManager(String node) {
        if (!runs(node)) {
            readable(configuration(node));
            readable(callback());
            daemons.put(
                    node,
                    lab.host(node)
                            .start(
                                    lab.log(node, "patroni"),
                                    List.of(
                                            "setpriv",
                                            "--reuid",
                                            ACCOUNT,
                                            "--regid",
                                            ACCOUNT,
                                            "--clear-groups",
                                            // For the callback; where sudo is, it has a rule.
                                            "--inh-caps=+net_admin,+net_raw",
                                            "--ambient-caps=+net_admin,+net_raw",
                                            "patroni",
                                            configuration(node).toString())));
        }
    }

    private static void readable(Path file) {
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean runs(String node) {
        Process daemon = daemons.get(node);
        return daemon != null && daemon.isAlive();
    }

    @Override
    long[] manager(String node) {
        return new long[] {daemons.get(node).pid()};
    }

    @Override
    void managerKilled(String node) {
        // Debian's unit has Restart=on-failure, and systemd waits this long.
        Await.until("Patroni is dead", settle(), () -> !Host.isAlive(manager(node)[0]));
        Await.pass(UNIT_RESTARTS_AFTER);
        startManager(node);
    }

    @Override
    Runnable switchover(String from) {
        String wish = "{\"leader\":\"" + from + "\",\"candidate\":\"" + Layout.other(from) + "\"}";
        int status = ask(from, "POST", "/switchover", wish, 60_000);
        if (status != 200) {
            throw new IllegalStateException("Patroni refuses the switchover: HTTP " + status);
        }
        return () -> {};
    }

    @Override
    boolean isWhole() {
        Optional<String> active = active();
        return active.isPresent()
                && Layout.MEMBERS.stream().allMatch(etcd::runs)
                && Layout.NODES.stream().allMatch(this::runs)
                && says(active.get(), "/primary")
                && says(Layout.other(active.get()), "/sync");
    }

    private boolean says(String node, String path) {
        return ask(node, "GET", path, "", PATIENCE_MILLIS) == 200;
    }

    /** Returns the status of the answer; 0 if none comes. From the calling thread's host. */
    private static int ask(String node, String method, String path, String body, int millis) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection)
                            URI.create("http://" + Wires.address(node) + ":" + REST + path)
                                    .toURL()
                                    .openConnection();
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setReadTimeout(millis);
            connection.setRequestMethod(method);
            if (!body.isEmpty()) {
                connection.setDoOutput(true);
                try (var to = connection.getOutputStream()) {
                    to.write(body.getBytes(StandardCharsets.UTF_8));
                }
            }
            int status = connection.getResponseCode();
            connection.disconnect();
            return status;
        } catch (IOException silent) {
            return 0;
        }
    }

    @Override
    String describe() {
        StringBuilder text = new StringBuilder("address on " + active());
        for (String node : Layout.NODES) {
            text.append("; ").append(node);
            text.append(runs(node) ? " runs" : " does not run");
            text.append(", /primary ").append(ask(node, "GET", "/primary", "", PATIENCE_MILLIS));
            text.append(", /sync ").append(ask(node, "GET", "/sync", "", PATIENCE_MILLIS));
        }
        return text.toString();
    }
}
