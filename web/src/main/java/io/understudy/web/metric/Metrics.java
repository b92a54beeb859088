package io.understudy.web.metric;

import io.understudy.core.metric.Metric;
import io.understudy.core.metric.Sample;
import io.understudy.ejb.control.NodeControl;
import io.understudy.web.node.NodeSource;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricID;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;
import org.eclipse.microprofile.metrics.annotation.RegistryScope;

/**
 * Keeps the registry behind /metrics in step with what the node measures: what there is now is
 * registered, what is gone is removed. One task of the container does it every {@link #EVERY}; who
 * reads a value that is older than {@link #FRESH} does it too. With hundreds of instances that is
 * much: where nobody has asked for {@link #UNASKED} it is done no more often than that.
 */
@ApplicationScoped
public class Metrics {

    private static final System.Logger LOG = System.getLogger(Metrics.class.getName());
    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final Duration UNASKED = Duration.ofMinutes(1);
    private static final Duration FRESH = Duration.ofSeconds(2);

    @Inject
    @RegistryScope(scope = MetricRegistry.APPLICATION_SCOPE)
    private MetricRegistry registry;

    @Inject private NodeSource source;
    @Resource private ManagedScheduledExecutorService executor;

    private final Map<MetricID, Value> values = new HashMap<>();
    private final Map<MetricID, Long> counted = new HashMap<>();
    private final ReentrantLock refreshing = new ReentrantLock();
    private volatile long refreshedAt = System.nanoTime();
    private volatile long askedAt = System.nanoTime() - UNASKED.toNanos();
    private volatile boolean some;
    private ScheduledFuture<?> task;

    /** A number that the registry reads. */
    private final class Value {
        private volatile double now;

        double now() {
            askedAt = System.nanoTime();
            if (askedAt - refreshedAt > FRESH.toNanos()) {
                refresh();
            }
            return now;
        }
    }

    void begin(@Observes @Initialized(ApplicationScoped.class) Object context) {
        task =
                executor.scheduleWithFixedDelay(
                        this::refreshIfDue, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void end() {
        if (task != null) {
            task.cancel(false);
        }
    }

    private void refreshIfDue() {
        long now = System.nanoTime();
        boolean asked = now - askedAt < UNASKED.toNanos();
        if (!some || asked || now - refreshedAt > UNASKED.toNanos()) {
            refresh();
        }
    }

    /** Whoever comes while another refreshes takes what there is. */
    private void refresh() {
        if (refreshing.isHeldByCurrentThread() || !refreshing.tryLock()) {
            return;
        }
        try {
            refreshedAt = System.nanoTime();
            List<Sample> samples = source.ifPresent().map(NodeControl::samples).orElse(List.of());
            take(samples);
            some = !values.isEmpty();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "nothing could be measured", e);
        } finally {
            refreshing.unlock();
        }
    }

    private void take(List<Sample> samples) {
        List<MetricID> gone = new ArrayList<>(values.keySet());
        for (Sample sample : samples) {
            MetricID id = id(sample);
            if (sample.metric().kind() == Metric.Kind.COUNTER) {
                count(id, sample);
            } else {
                Value value = values.computeIfAbsent(id, i -> gauge(sample));
                value.now = sample.value();
                gone.remove(id);
            }
        }
        for (MetricID id : gone) {
            values.remove(id);
            registry.remove(id);
        }
    }

    private Value gauge(Sample sample) {
        Value value = new Value();
        registry.gauge(metadata(sample.metric()), value, Value::now, tags(sample));
        return value;
    }

    /** A counter of the registry can only be raised: by what came since. */
    private void count(MetricID id, Sample sample) {
        Counter counter = registry.counter(metadata(sample.metric()), tags(sample));
        long total = (long) sample.value();
        long before = counted.getOrDefault(id, 0L);
        if (total > before) {
            counter.inc(total - before);
            counted.put(id, total);
        }
    }

    /** The unit stands in the name already; the registry would put it there a second time. */
    private static Metadata metadata(Metric metric) {
        return Metadata.builder()
                .withName(metric.metricName())
                .withDescription(metric.meaning())
                .build();
    }

    private static MetricID id(Sample sample) {
        return new MetricID(sample.metric().metricName(), tags(sample));
    }

    private static Tag[] tags(Sample sample) {
        Tag[] tags = new Tag[sample.tags().size()];
        for (int i = 0; i < tags.length; i++) {
            tags[i] = new Tag(sample.metric().tags().get(i), sample.tags().get(i));
        }
        return tags;
    }
}
