package io.understudy.systemtests;

import java.util.Optional;

/** What must be taken away at the end, one after another, whatever of it fails. */
final class TidyingUp {

    private Optional<AssertionError> problem = Optional.empty();

    /** One thing to take away. */
    interface Deed {
        void run() throws Exception;
    }

    /** Does it, and remembers if it failed. */
    TidyingUp then(Deed deed) {
        try {
            deed.run();
        } catch (Exception | AssertionError e) {
            if (problem.isEmpty()) {
                problem = Optional.of(new AssertionError("not all could be taken away: " + e, e));
            } else {
                problem.get().addSuppressed(e);
            }
        }
        return this;
    }

    /** Fails if anything did. */
    void done() {
        problem.ifPresent(
                p -> {
                    throw p;
                });
    }
}
