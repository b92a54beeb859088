package io.understudy.systemtests.lab;

import io.understudy.systemtests.Layout;
import io.understudy.systemtests.Place;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Looks on both nodes' hosts every 5 ms whether the addresses that move are there: an address of
 * this host is one that a socket can be bound to.
 */
public final class AddressWatch implements AutoCloseable {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final List<String> ADDRESSES = List.of(Lab.VIRTUAL_4, Lab.VIRTUAL_6);

    /** A time in which every look found the address. */
    record Stay(long fromNanos, long untilNanos) {}

    private record Key(String node, String address) {}

    private final Map<Key, List<Stay>> stays = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    /** Begins at once. */
    AddressWatch(Function<String, Place> places) {
        for (String node : Layout.NODES) {
            ADDRESSES.forEach(a -> stays.put(new Key(node, a), new ArrayList<>()));
            Place place = places.apply(node);
            Thread thread = new Thread(() -> place.run(() -> look(node)), "watch-address-" + node);
            thread.setDaemon(true);
            threads.add(thread);
        }
        threads.forEach(Thread::start);
    }

    private void look(String node) {
        boolean[] was = new boolean[ADDRESSES.size()];
        while (!stopping) {
            for (int i = 0; i < was.length; i++) {
                long began = System.nanoTime();
                boolean here = isHere(ADDRESSES.get(i));
                if (here) {
                    note(stays.get(new Key(node, ADDRESSES.get(i))), was[i], began);
                }
                was[i] = here;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** Notes that it is there at {@code now}: a new stay, or the last one that goes on. */
    static void note(List<Stay> all, boolean goesOn, long now) {
        synchronized (all) {
            Stay last = goesOn ? all.remove(all.size() - 1) : new Stay(now, now);
            all.add(new Stay(last.fromNanos(), now));
        }
    }

    /** Returns whether the host that the calling thread is on has an address. */
    static boolean isHere(String address) {
        try (DatagramSocket socket =
                new DatagramSocket(new InetSocketAddress(InetAddress.getByName(address), 0))) {
            return socket.isBound();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        } catch (IOException notHere) {
            return false;
        }
    }

    /** Returns the longest time for which an address was seen on both nodes without a break. */
    public Duration longestOverlap() {
        return ADDRESSES.stream()
                .map(a -> overlap(stays(Layout.ALPHA, a), stays(Layout.BETA, a)))
                .max(Duration::compareTo)
                .orElseThrow();
    }

    static Duration overlap(List<Stay> ones, List<Stay> others) {
        long longest = 0;
        for (Stay one : ones) {
            for (Stay other : others) {
                long from = Math.max(one.fromNanos(), other.fromNanos());
                long until = Math.min(one.untilNanos(), other.untilNanos());
                longest = Math.max(longest, until - from);
            }
        }
        return Duration.ofNanos(longest);
    }

    /** Returns when an address was last seen on a node; empty: never. */
    public OptionalLong lastSeen(String node, String address) {
        List<Stay> all = stays(node, address);
        return all.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(all.get(all.size() - 1).untilNanos());
    }

    private List<Stay> stays(String node, String address) {
        List<Stay> all = stays.get(new Key(node, address));
        synchronized (all) {
            return List.copyOf(all);
        }
    }

    @Override
    public void close() {
        stopping = true;
        for (Thread thread : threads) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(15));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (thread.isAlive()) {
                throw new IllegalStateException(thread.getName() + " does not end");
            }
        }
    }
}
