package io.understudy.ejb.database.postgresql;

import io.understudy.core.database.ReplicationMode;
import io.understudy.ejb.database.Upstream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Writes PostgreSQL's settings. They live beside the copy, not in it, so that a copied directory
 * never brings the other node's along, and are written whole at every change of role.
 */
final class PostgresSettings {

    /** What differs between roles. */
    enum Role {
        PRIMARY,
        STANDBY
    }

    private final PostgresPlace place;
    private final CopyDirectory directory;

    PostgresSettings(PostgresPlace place, CopyDirectory directory) {
        this.place = place;
        this.directory = directory;
    }

    Path file() {
        return directory.settings().resolve("postgresql.conf");
    }

    /** Settings of a primary: nothing of a standby's is left in them. */
    void writePrimary(ReplicationMode mode) throws IOException {
        String names =
                mode == ReplicationMode.SYNCHRONOUS
                        ? place.peer()
                                .map(peer -> "FIRST 1 (" + PostgresPlace.standbyName(peer) + ")")
                                .orElse("")
                        : "";
        write(names, "", "");
    }

    /** Settings of a standby; without an upstream it follows nobody and waits to be promoted. */
    void writeStandby(Optional<Upstream> upstream) throws IOException {
        if (upstream.isEmpty()) {
            write("", "", "");
            return;
        }
        writePassFile(upstream.get());
        write("", connection(upstream.get()), PostgresPlace.standbyName(place.self()));
    }

    private String connection(Upstream upstream) {
        return String.join(
                " ",
                "host=" + String.join(",", upstream.hosts()),
                "port=" + upstream.port(),
                "user=" + PostgresPlace.REPLICATOR,
                "passfile=" + quotedForConnection(passFile()),
                "application_name=" + PostgresPlace.standbyName(place.self()),
                "sslmode=disable gssencmode=disable connect_timeout=2",
                "keepalives_idle=1 keepalives_interval=1 keepalives_count=3 tcp_user_timeout=3000");
    }

    private void write(String synchronousNames, String primary, String slot) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(
                "# Written by Understudy at every change of role; own settings go into local.conf.");
        lines.add("include_if_exists = 'local.conf'");
        String listen = place.everywhere() ? "*" : String.join(",", place.listens());
        lines.add("listen_addresses = '" + listen + "'");
        lines.add("port = " + place.port());
        lines.add("unix_socket_directories = ''");
        lines.add("hba_file = " + quoted(hbaFile().toString()));
        lines.add("ident_file = " + quoted(identFile().toString()));
        lines.add("password_encryption = 'scram-sha-256'");
        lines.add("wal_level = replica");
        lines.add("wal_log_hints = on");
        lines.add("hot_standby = on");
        lines.add("fsync = on");
        lines.add("full_page_writes = on");
        lines.add("synchronous_commit = on");
        lines.add("max_wal_senders = 10");
        lines.add("max_replication_slots = 10");
        lines.add("wal_keep_size = 64MB");
        lines.add("max_slot_wal_keep_size = 4GB");
        // A silent partner is given up before the lease's timers have to.
        lines.add("wal_sender_timeout = 2s");
        lines.add("wal_receiver_timeout = 2s");
        lines.add("wal_receiver_status_interval = 1s");
        lines.add("wal_retrieve_retry_interval = 200ms");
        lines.add("tcp_keepalives_idle = 1");
        lines.add("tcp_keepalives_interval = 1");
        lines.add("tcp_keepalives_count = 3");
        lines.add("tcp_user_timeout = 3000");
        // A reader on the standby must not hold up a promotion.
        lines.add("max_standby_streaming_delay = 1s");
        lines.add("recovery_target_timeline = 'latest'");
        lines.add("restart_after_crash = on");
        // In the copy's own directory: what a killed server leaves behind goes with it.
        lines.add("dynamic_shared_memory_type = mmap");
        // After a crash: one call for the whole file system instead of one for each file.
        lines.add("recovery_init_sync_method = syncfs");
        // Its own word would overrule what is written here.
        lines.add("allow_alter_system = off");
        lines.add("logging_collector = off");
        lines.add("log_destination = 'stderr'");
        lines.add("log_line_prefix = '%m [%p] %q%u@%d '");
        lines.add("lc_messages = 'C'");
        lines.add("synchronous_standby_names = '" + synchronousNames + "'");
        lines.add("primary_conninfo = " + quoted(primary));
        lines.add("primary_slot_name = '" + slot + "'");
        replace(identFile(), "", "rw-r--r--");
        writeClients();
        replace(file(), String.join("\n", lines) + "\n", "rw-r--r--");
    }

    /** Writes who may connect, and nothing else. */
    void writeClients() throws IOException {
        replace(hbaFile(), String.join("\n", clients()) + "\n", "rw-r--r--");
    }

    /** Who may connect: ourselves, the other node's standby, and the application as itself. */
    private List<String> clients() throws IOException {
        List<String> rules = new ArrayList<>();
        rules.add("# Written by Understudy.");
        rules.add("host all " + PostgresPlace.SUPERUSER + " samehost scram-sha-256");
        for (String from : replicatorAddresses()) {
            rules.add(
                    "host replication " + PostgresPlace.REPLICATOR + " " + from + " scram-sha-256");
            rules.add("host postgres " + PostgresPlace.REPLICATOR + " " + from + " scram-sha-256");
        }
        String own = "\"" + place.name() + "\"";
        rules.add("host " + own + " " + own + " all scram-sha-256");
        return rules;
    }

    private List<String> replicatorAddresses() throws IOException {
        if (place.peer().isEmpty()) {
            return List.of();
        }
        Set<String> from = new LinkedHashSet<>();
        for (String each : place.peerAddresses().get()) {
            InetAddress address = InetAddress.getByName(each);
            String bits = address.getAddress().length == 4 ? "/32" : "/128";
            from.add(address.getHostAddress() + bits);
            if (address.isLoopbackAddress()) {
                // On loopback the kernel sends from 127.0.0.1 whatever address is called.
                from.add("samehost");
            }
        }
        // In one order, whichever path is the better one now.
        return from.stream().sorted().toList();
    }

    private void writePassFile(Upstream upstream) throws IOException {
        String password = place.passwordFor().apply("replication");
        StringBuilder lines = new StringBuilder();
        for (String host : upstream.hosts()) {
            lines.append(host.replace(":", "\\:"))
                    .append(":" + upstream.port() + ":*:")
                    .append(PostgresPlace.REPLICATOR + ":" + password + "\n");
        }
        replace(passFile(), lines.toString(), "rw-------");
    }

    private Path passFile() {
        return directory.settings().resolve("replication.pass");
    }

    private static String quoted(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    private static String quotedForConnection(Path path) {
        return "'" + path.toString().replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    private Path identFile() {
        return directory.settings().resolve("pg_ident.conf");
    }

    private Path hbaFile() {
        return directory.settings().resolve("pg_hba.conf");
    }

    private void replace(Path file, String content, String permissions) throws IOException {
        if (Files.exists(file) && Files.readString(file).equals(content)) {
            return;
        }
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(
                fresh,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, content);
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(permissions));
        directory.own(fresh);
        Files.move(
                fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
