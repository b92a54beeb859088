package io.understudy.ejb.volume;

import io.understudy.core.config.InstanceConfiguration;
import io.understudy.core.config.Probe;
import io.understudy.core.config.ServiceConfiguration;
import io.understudy.core.config.ServiceKind;
import io.understudy.core.service.ServiceCondition;
import io.understudy.core.service.ServiceFacts;
import io.understudy.core.timing.Timers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The volumes on which an instance depends on this node, watched whether it serves or stands by, as
 * services that are always meant to run: those of its probe services, and that of its databases.
 */
public final class VolumeWatch implements AutoCloseable {

    /** The name of what watches the databases' volume; no service can have it. */
    public static final String OF_DATABASES = ServiceFacts.DATA_VOLUME;

    private final List<Entry> entries = new ArrayList<>();
    private final LongSupplier nanos;

    private record Entry(String name, boolean critical, Duration delay, Volumes.Handle handle) {}

    /**
     * Begins to watch.
     *
     * @param data the data directory, from which relative paths count
     */
    public VolumeWatch(
            InstanceConfiguration instance,
            Timers timers,
            Path data,
            Volumes volumes,
            LongSupplier nanos) {
        this.nanos = nanos;
        for (ServiceConfiguration service : instance.services()) {
            if (isStanding(service) && service.probe() instanceof Probe.Volume volume) {
                entries.add(
                        new Entry(
                                service.name(),
                                service.critical(),
                                service.delay(),
                                volumes.watch(
                                        from(data, volume),
                                        service.interval().orElse(timers.probeInterval()))));
            }
        }
        if (!instance.databases().isEmpty()) {
            entries.add(
                    new Entry(
                            OF_DATABASES,
                            true,
                            timers.serviceDelay(),
                            volumes.watchDevice(
                                    data.resolve("databases").resolve(instance.name().value()))));
        }
    }

    private static Probe.Volume from(Path data, Probe.Volume volume) {
        return new Probe.Volume(
                data.toAbsolutePath().resolve(volume.directory()).toString(),
                volume.warning(),
                volume.serious(),
                volume.critical());
    }

    /** Returns whether a service is watched on both nodes at all times. */
    public static boolean isStanding(ServiceConfiguration service) {
        return service.kind() == ServiceKind.PROBE && service.probe() instanceof Probe.Volume;
    }

    /** Returns whether there is a volume to watch. */
    public boolean watches() {
        return !entries.isEmpty();
    }

    /** Returns what is known of each volume. */
    public List<ServiceFacts> facts() {
        return entries.stream().map(this::facts).toList();
    }

    private ServiceFacts facts(Entry entry) {
        VolumeState state = entry.handle().state();
        return new ServiceFacts(
                entry.name(),
                entry.critical(),
                condition(state, entry.delay()),
                0,
                Optional.empty(),
                state.problem());
    }

    private ServiceCondition condition(VolumeState state, Duration delay) {
        if (!state.known()) {
            return ServiceCondition.STARTING;
        }
        if (state.problem().isEmpty()) {
            return ServiceCondition.RUNNING;
        }
        boolean over = nanos.getAsLong() - state.badSince() >= delay.toNanos();
        return over ? ServiceCondition.FAILED : ServiceCondition.DOWN;
    }

    /** Returns what is known of the volume under a service's name. */
    public Optional<VolumeState> state(String service) {
        return entries.stream()
                .filter(e -> e.name().equals(service))
                .findFirst()
                .map(e -> e.handle().state());
    }

    /** Ends the watching for this instance. */
    @Override
    public void close() {
        entries.forEach(e -> e.handle().close());
    }
}
