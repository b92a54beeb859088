package io.understudy.ejb.database.postgresql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * A script beside a copy that Understudy looks after no more: it starts the copy by itself, as a
 * primary of its own, wherever the directory was moved on this host.
 */
final class StartByHand {

    private static final String SCRIPT =
            """
            #!/bin/sh
            # Starts the database %1$s of instance %2$s by itself, as it was on node %3$s when
            # Understudy ceased to look after this copy. Not while the instance runs on this node
            # again: both want port %4$d.
            #   ./start-by-hand.sh [PORT]     runs in the foreground; Ctrl-C stops it
            # Connect to %5$s:PORT, database and user %1$s; its password is in the file 'password'.
            set -eu
            here=$(cd "$(dirname "$0")" && pwd)
            port=${1:-%4$d}
            account=%6$s
            as() { exec "$@"; }
            if [ "$(id -u)" = 0 ]; then
                [ -n "$account" ] || { echo "run this as another user than root" >&2; exit 1; }
                as() { exec setpriv --reuid "$account" --regid "%7$s" --clear-groups "$@"; }
            fi
            # What followed ends its following: this copy goes its own way from here.
            promote=no
            [ ! -f "$here/data/standby.signal" ] || promote=yes
            (as '%8$s' -D "$here/data" \\
                -c "config_file=$here/settings/postgresql.conf" \\
                -c "hba_file=$here/settings/pg_hba.conf" \\
                -c "ident_file=$here/settings/pg_ident.conf" \\
                -c "port=$port" -c primary_conninfo= -c primary_slot_name= \\
                -c synchronous_standby_names=) &
            server=$!
            trap 'kill -INT $server 2>/dev/null || true' INT TERM
            if [ $promote = yes ]; then
                tries=0
                until (as '%9$s' promote -D "$here/data") >/dev/null 2>&1; do
                    tries=$((tries + 1))
                    [ $tries -lt 60 ] && kill -0 $server || exit 1
                    sleep 0.5
                done
            fi
            wait $server || wait $server
            """;

    private final PostgresPlace place;
    private final CopyDirectory directory;
    private final PostgresSettings settings;
    private final PostgresBinaries binaries;

    StartByHand(
            PostgresPlace place,
            CopyDirectory directory,
            PostgresSettings settings,
            PostgresBinaries binaries) {
        this.place = place;
        this.directory = directory;
        this.settings = settings;
        this.binaries = binaries;
    }

    void write() throws IOException {
        directory.prepare();
        settings.writeStandby(Optional.empty());
        directory.writePassword(place.passwordFor().apply("application"));
        Path script = directory.root().resolve("start-by-hand.sh");
        Files.writeString(
                script,
                SCRIPT.formatted(
                        place.name(),
                        place.instance(),
                        place.self().name(),
                        place.port(),
                        place.host(),
                        directory.account().map(a -> a.user()).orElse("''"),
                        directory.account().map(a -> a.group()).orElse(""),
                        binaries.postgres(),
                        binaries.postgres().resolveSibling("pg_ctl")));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
