package io.understudy.ejb.database.postgresql;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a stopped copy says about itself in {@code global/pg_control}. The packaged binaries have no
 * pg_controldata; the fields read here lie at the same places from version 13 to 18 (pg_control.h).
 *
 * @param systemId identifies the database cluster from which all its copies stem
 * @param state as PostgreSQL counts its DBState
 * @param checkpoint where the last checkpoint record begins
 * @param timeline the latest timeline that this copy is known to be on
 * @param floor a position that this copy has certainly reached
 */
record ControlFile(
        long systemId, int state, LogPosition checkpoint, int timeline, LogPosition floor) {

    private static final int SHUTDOWNED = 1;
    private static final int SHUTDOWNED_IN_RECOVERY = 2;
    private static final int OLDEST = 1300;
    private static final int NEWEST = 1800;

    static ControlFile read(Path data) throws IOException {
        Path file = data.resolve("global").resolve("pg_control");
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length < 296) {
            throw new IOException(file + " is too short");
        }
        ByteBuffer control = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        int version = control.getInt(8);
        if (version < OLDEST || version > NEWEST) {
            throw new IOException(file + " is of the unknown version " + version);
        }
        LogPosition checkpoint = new LogPosition(control.getLong(32));
        int timeline = control.getInt(48);
        LogPosition minimum = new LogPosition(control.getLong(136));
        int minimumTimeline = control.getInt(144);
        LogPosition floor = minimum.isAfter(checkpoint) ? minimum : checkpoint;
        return new ControlFile(
                control.getLong(0),
                control.getInt(16),
                checkpoint,
                Math.max(timeline, minimumTimeline),
                floor);
    }

    /** Returns whether the copy was stopped in order, as a primary. */
    boolean isCleanPrimary() {
        return state == SHUTDOWNED;
    }

    /** Returns whether the copy was stopped in order. */
    boolean isClean() {
        return state == SHUTDOWNED || state == SHUTDOWNED_IN_RECOVERY;
    }

    /** Returns where the log of a copy that was stopped in order as a primary ends. */
    LogPosition end() {
        return checkpoint.afterCheckpoint();
    }

    String position() {
        return "timeline " + timeline + ", " + (isCleanPrimary() ? end() : floor);
    }
}
