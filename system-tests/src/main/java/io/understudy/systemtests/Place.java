package io.understudy.systemtests;

import java.util.List;

/** Where processes run and sockets open: this host as it is, or a host that a lab has made. */
public interface Place {

    /** This host as it is. */
    Place HERE =
            new Place() {
                @Override
                public List<String> command(List<String> command) {
                    return command;
                }

                @Override
                public void run(Runnable task) {
                    task.run();
                }
            };

    /** Returns the command line that runs {@code command} there, as the same process. */
    List<String> command(List<String> command);

    /**
     * Runs {@code task} on this thread. Sockets that it opens, processes and threads that it starts
     * are there, and stay there; the thread is back when this returns or throws.
     */
    void run(Runnable task);
}
