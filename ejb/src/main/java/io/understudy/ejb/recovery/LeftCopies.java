package io.understudy.ejb.recovery;

import io.understudy.core.instance.InstanceName;
import io.understudy.ejb.database.DatabaseException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Copies of an instance that this node no longer has: kept under another name until a human removes
 * them, so that whoever was taken out of a pair still has its data.
 */
final class LeftCopies {

    private static final System.Logger LOG = System.getLogger(LeftCopies.class.getName());

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'");

    private static final String NOTE =
            """
            This was this node's copy of instance %s, until %s. Nothing of Understudy uses it any
            more and nothing overwrites it; delete it when it is not needed.

            Each directory here is one database. To start one by itself, as a database of its own:

                cd DATABASE && ./start-by-hand.sh [PORT]

            Anything written there never finds its way back into the instance.
            """;

    private final Path databases;
    private final Clock wall;
    private final Happenings happenings;

    /**
     * @param databases the directory of all instances' databases
     * @param wall wall time, for the names
     * @param happenings hears where copies are now
     */
    LeftCopies(Path databases, Clock wall, Happenings happenings) {
        this.databases = databases;
        this.wall = wall;
        this.happenings = happenings;
    }

    /** Sets aside what this node keeps of an instance whose databases are stopped. */
    void setAside(InstanceName instance, InstanceParts parts) {
        try {
            parts.leaveBehind();
            rename(instance).ifPresent(path -> happenings.left(instance, path.toString()));
        } catch (IOException | DatabaseException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "what this node kept of {0} stays where it is: {1}",
                    instance,
                    e.getMessage());
        }
    }

    private Optional<Path> rename(InstanceName instance) throws IOException {
        Path kept = databases.resolve(instance.value());
        if (!Files.isDirectory(kept) || isEmpty(kept)) {
            return Optional.empty();
        }
        String time = STAMP.format(ZonedDateTime.now(wall).withZoneSameInstant(ZoneOffset.UTC));
        Files.writeString(kept.resolve("README.txt"), NOTE.formatted(instance, time));
        Path aside = databases.resolve(instance + ".unpaired-" + time);
        Files.move(kept, aside);
        try (FileChannel directory = FileChannel.open(databases, StandardOpenOption.READ)) {
            directory.force(true);
        }
        return Optional.of(aside);
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }
}
