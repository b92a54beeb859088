package io.understudy.cluster.lease;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * One linearizable text. Calls return at once; stages complete when the outcome is known, or
 * exceptionally, and then it is unknown whether a write was, will be or never is made. They may
 * take as long as they like: who asks keeps limits.
 */
interface TextRegister {

    /** Returns the present text; empty if there never was one. */
    CompletionStage<Optional<String>> get();

    /** Writes {@code next} if the text is exactly {@code expected}; says whether it was. */
    CompletionStage<Boolean> compareAndSet(Optional<String> expected, String next);
}
