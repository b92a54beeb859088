package io.understudy.cluster.lease;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.cp.IAtomicReference;
import com.hazelcast.cp.exception.CPGroupDestroyedException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * A text of Hazelcast's CP subsystem, opened once: after a reset of the subsystem every call fails,
 * for good.
 */
final class HazelcastRegister implements TextRegister {

    private final IAtomicReference<String> reference;

    private HazelcastRegister(IAtomicReference<String> reference) {
        this.reference = reference;
    }

    /** Opens it on the opener's thread, as that blocks without a majority. */
    static CompletableFuture<TextRegister> open(
            HazelcastInstance hazelcast, String name, LeaseThreads threads) {
        return CompletableFuture.supplyAsync(
                () -> new HazelcastRegister(hazelcast.getCPSubsystem().getAtomicReference(name)),
                threads.opener());
    }

    /** Returns whether {@code error} says that the subsystem was reset. */
    static boolean isGone(Throwable error) {
        Throwable root = error;
        while (root instanceof CompletionException && root.getCause() != null) {
            root = root.getCause();
        }
        return root instanceof CPGroupDestroyedException;
    }

    @Override
    public CompletionStage<Optional<String>> get() {
        return reference.getAsync().thenApply(Optional::ofNullable);
    }

    @Override
    public CompletionStage<Boolean> compareAndSet(Optional<String> expected, String next) {
        return reference.compareAndSetAsync(expected.orElse(null), next);
    }
}
