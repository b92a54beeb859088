package io.understudy.ejb.recovery;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;

/**
 * Ends this process when its cluster member has ended by itself: out of memory, cast out of its
 * cluster, or cut off while the voters met for the first time. A node without a member can neither
 * serve nor take over for as long as it lives; the launcher starts a new one. It is a crash, not an
 * orderly stop: nothing may be parked.
 */
final class MemberWatch {

    private static final System.Logger LOG = System.getLogger(MemberWatch.class.getName());
    private static final int STATUS = 1;

    private MemberWatch() {}

    /** Watches {@code hazelcast} until the end of this process. */
    static void over(HazelcastInstance hazelcast) {
        hazelcast
                .getLifecycleService()
                .addLifecycleListener(
                        event -> {
                            if (event.getState() == LifecycleEvent.LifecycleState.SHUTDOWN
                                    && !processIsEnding()) {
                                LOG.log(
                                        System.Logger.Level.ERROR,
                                        "this node's cluster member has ended by itself: the"
                                                + " process ends too, to be started anew");
                                Runtime.getRuntime().halt(STATUS);
                            }
                        });
        if (!hazelcast.getLifecycleService().isRunning()) {
            throw new IllegalStateException("the cluster member has ended while the node started");
        }
    }

    /** The app server ends the member too when its process is told to end. */
    private static boolean processIsEnding() {
        Thread none = new Thread(() -> {}, "understudy-never");
        try {
            Runtime.getRuntime().addShutdownHook(none);
            Runtime.getRuntime().removeShutdownHook(none);
            return false;
        } catch (IllegalStateException ending) {
            return true;
        }
    }
}
