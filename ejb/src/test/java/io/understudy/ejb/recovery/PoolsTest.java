package io.understudy.ejb.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PoolsTest {

    @Test
    void whoHandsOverWorkNeverWaitsForAThreadToBegin() throws Exception {
        ThreadPoolExecutor pool = Pools.of("understudy-test", 8);
        try {
            assertEquals(8, pool.getPoolSize());
            CountDownLatch all = new CountDownLatch(8);
            for (int i = 0; i < 8; i++) {
                pool.execute(all::countDown);
            }
            assertTrue(all.await(10, TimeUnit.SECONDS));
            assertEquals(8, pool.getPoolSize());
            assertEquals(0, pool.getKeepAliveTime(TimeUnit.NANOSECONDS));
        } finally {
            pool.shutdownNow();
        }
    }
}
