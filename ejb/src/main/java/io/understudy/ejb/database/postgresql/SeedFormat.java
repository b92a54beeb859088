package io.understudy.ejb.database.postgresql;

/**
 * The stream of a copy: the mark, the estimated number of bytes, then entries, each a type and what
 * belongs to it. Only {@link #END} ends it well.
 */
final class SeedFormat {

    static final String MARK = "understudy-postgresql-copy-1";
    static final int CHUNK = 128 * 1024;

    /** A directory: its path. */
    static final byte DIRECTORY = 1;

    /** A file: its path, then chunks (length, bytes), then length 0. */
    static final byte FILE = 2;

    /** The end: the number of files. */
    static final byte END = 3;

    private SeedFormat() {}
}
