package io.understudy.core.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.node.NodeName;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The in-memory store keeps the contract, faults included. */
class InMemoryLeaseStoreTest extends LeaseStoreContract {

    private static final NodeName ALPHA = NodeName.of("alpha");
    private static final NodeName BETA = NodeName.of("beta");

    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1);
    private final InMemoryLeaseStore memory =
            new InMemoryLeaseStore(
                    (delay, action) ->
                            clock.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS),
                    Duration.ofNanos(1000),
                    limit());

    @AfterAll
    void stop() {
        clock.shutdownNow();
    }

    @Override
    protected LeaseStore store() {
        return memory.viewOf(ALPHA);
    }

    @Override
    protected LeaseStore otherStore() {
        return memory.viewOf(BETA);
    }

    @Override
    protected Duration limit() {
        return Duration.ofMillis(300);
    }

    @Override
    protected void loseMajority() {
        memory.majority(false);
    }

    @Test
    @Order(1)
    void aWriteWhoseAnswerIsLostFailsThoughItWasMade() {
        InstanceName instance = fresh();
        LeaseRecord claim = LeaseRecord.claimed(ALPHA, new Epoch(2));
        memory.loseNextAnswer(ALPHA);

        Throwable failure = failure(store().compareAndSet(instance, Optional.empty(), claim));

        assertInstanceOf(LeaseStoreUnavailableException.class, failure);
        assertEquals(Optional.of(claim), await(otherStore().read(instance)));
    }

    @Test
    @Order(2)
    void aMemberThatIsCutOffGetsNoAnswerWhileTheOthersDo() {
        InstanceName instance = fresh();
        memory.cut(ALPHA, true);

        assertInstanceOf(LeaseStoreUnavailableException.class, failure(store().read(instance)));
        assertEquals(Optional.empty(), await(otherStore().read(instance)));

        memory.cut(ALPHA, false);
        assertEquals(Optional.empty(), await(store().read(instance)));
    }
}
