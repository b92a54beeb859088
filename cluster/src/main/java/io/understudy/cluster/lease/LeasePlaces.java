package io.understudy.cluster.lease;

import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.node.NodeName;
import io.understudy.core.time.Moment;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Which bundle the lease of each instance is kept in, from one reset of the store to the next. An
 * instance gets its place with its first lease, in the bundle named after the node that claims it
 * (mostly its home), and keeps it for as long as the store lives: all members always look in the
 * same place. An instance without a place has no lease.
 *
 * <p>After a reset all places are void, and nothing of before may be used with anything of after:
 * registers are dead then. A place is used only if the register of its bundle was opened before the
 * place was last read from the register of places; so both are of the same life of the store, or
 * dead.
 */
final class LeasePlaces {

    private static final String PLACES = "lease-places";
    private static final String LEASES = "leases-";

    /** No instance has this name. */
    private static final String NOBODY = "";

    private final String self;
    private final Function<String, CompletableFuture<TextRegister>> open;
    private final Executor threads;
    private final Map<String, CompletableFuture<Bundle>> bundles = new ConcurrentHashMap<>();
    private final Map<String, Bundle> known = new ConcurrentHashMap<>();
    private final Map<String, String> names = new ConcurrentHashMap<>();
    private final Map<String, Leader> leaders = new ConcurrentHashMap<>();
    private final AtomicReference<Moment> watchedSince = new AtomicReference<>();
    private final LongSupplier nanos;

    /** Who should lead by what was seen: counted once, as each of hundreds of leases asks. */
    private record Leader(Map<String, String> seen, Optional<NodeName> name) {}

    /**
     * @param self the place that this member gives, a node's name
     * @param open opens the register of a bundle
     * @param nanos the monotonic clock
     */
    LeasePlaces(
            String self,
            Function<String, CompletableFuture<TextRegister>> open,
            Executor threads,
            LongSupplier nanos) {
        this.nanos = nanos;
        this.self = self;
        this.open = open;
        this.threads = threads;
    }

    /** Returns the bundle of an instance; empty if it never had a lease. */
    CompletableFuture<Optional<Bundle>> of(String instance) {
        Bundle bundle = known.get(instance);
        return bundle != null
                ? CompletableFuture.completedFuture(Optional.of(bundle))
                : places().thenCompose(places -> look(places, instance));
    }

    /** Returns the bundle of an instance, which gets its place here if it had none. */
    CompletableFuture<Bundle> giveTo(String instance) {
        return of(instance)
                .thenCompose(
                        found ->
                                found.isPresent()
                                        ? CompletableFuture.completedFuture(found.get())
                                        : places().thenCompose(
                                                        places ->
                                                                places.compareAndSet(
                                                                        instance,
                                                                        Optional.empty(),
                                                                        self))
                                                .thenCompose(given -> of(instance))
                                                .thenApply(Optional::orElseThrow));
    }

    /**
     * Has the consensus on the places, and on the leases that this member claims first, formed
     * before anybody waits for it. It is known then who holds those.
     *
     * @param own whether this member is to claim leases
     * @return completes when it is formed; fails if it is not, and may be tried again
     */
    CompletableFuture<Void> form(boolean own) {
        CompletableFuture<?> places = places().thenCompose(p -> place(p, NOBODY));
        return own
                ? CompletableFuture.allOf(
                        places, bundle(ownName()).thenCompose(b -> b.read(NOBODY)))
                : CompletableFuture.allOf(places);
    }

    /**
     * Returns since when this life of the store is known here: an instance that has no place had
     * none then, and so no lease. Empty before the first look.
     */
    Optional<Moment> watchedSince() {
        return Optional.ofNullable(watchedSince.get());
    }

    /** Returns the name of the bundle of the leases that this member claims first. */
    String ownName() {
        return LEASES + self;
    }

    /** Returns the name of the bundle of an instance, as far as it is known here. */
    Optional<String> nameOf(String instance) {
        return Optional.ofNullable(names.get(instance));
    }

    /**
     * Returns who should lead the consensus of a bundle, by what was last seen of it: who holds
     * most of its leases; among equals the one after whom it is named, then the first by name.
     */
    Optional<NodeName> leaderOf(String bundle) {
        CompletableFuture<Bundle> opened = bundles.get(bundle);
        if (opened == null || !opened.isDone() || opened.isCompletedExceptionally()) {
            return Optional.empty();
        }
        Map<String, String> seen = opened.join().seen();
        Leader known = leaders.get(bundle);
        if (known == null || known.seen() != seen) {
            known = new Leader(seen, leader(bundle, seen));
            leaders.put(bundle, known);
        }
        return known.name();
    }

    private static Optional<NodeName> leader(String bundle, Map<String, String> seen) {
        Map<NodeName, Integer> held = new TreeMap<>();
        for (String record : seen.values()) {
            LeaseRecord.decode(record).holder().ifPresent(h -> held.merge(h, 1, Integer::sum));
        }
        Comparator<NodeName> most = Comparator.comparing(held::get);
        return held.keySet().stream()
                .max(
                        most.thenComparing(n -> bundle.equals(LEASES + n))
                                .thenComparing(Comparator.reverseOrder()));
    }

    private CompletableFuture<Optional<String>> place(Bundle places, String instance) {
        return places.read(instance)
                .whenComplete(
                        (place, error) -> {
                            if (error == null) {
                                watchedSince.compareAndSet(null, new Moment(nanos.getAsLong()));
                            }
                        });
    }

    private CompletableFuture<Bundle> places() {
        return bundle(PLACES);
    }

    private CompletableFuture<Optional<Bundle>> look(Bundle places, String instance) {
        Set<String> openBefore = opened();
        return place(places, instance)
                .thenCompose(
                        place -> {
                            if (place.isEmpty()) {
                                return CompletableFuture.completedFuture(Optional.empty());
                            }
                            String name = LEASES + place.get();
                            return bundle(name)
                                    .thenCompose(
                                            bundle ->
                                                    openBefore.contains(name)
                                                            ? CompletableFuture.completedFuture(
                                                                    place)
                                                            : places.read(instance))
                                    .thenApply(sure -> keep(instance, name, place.equals(sure)));
                        });
    }

    private Optional<Bundle> keep(String instance, String name, boolean sure) {
        if (!sure) {
            throw new IllegalStateException("the place of " + instance + " has changed");
        }
        Bundle bundle = bundles.get(name).join();
        names.put(instance, name);
        known.put(instance, bundle);
        return Optional.of(bundle);
    }

    private Set<String> opened() {
        return bundles.entrySet().stream()
                .filter(e -> e.getValue().isDone() && !e.getValue().isCompletedExceptionally())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** One that could not be opened is opened again the next time. */
    private CompletableFuture<Bundle> bundle(String name) {
        return bundles.compute(
                name,
                (n, present) ->
                        present != null && !present.isCompletedExceptionally()
                                ? present
                                : open.apply(n)
                                        .thenApply(register -> new Bundle(register, threads)));
    }
}
