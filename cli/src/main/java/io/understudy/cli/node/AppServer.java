package io.understudy.cli.node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The app server that a node runs on; the launcher starts its process and guards it. */
interface AppServer {

    /**
     * Returns the command line of the next process and writes the files that it names. Its first
     * process must be the app server's own, no wrapper: the guard kills by its number.
     *
     * @throws IOException if a file cannot be written or the app server's own tools fail
     */
    List<String> command() throws IOException;

    /** Returns the log file that a person should read when the process ends. */
    Path log();
}
