package io.understudy.cli.address;

import io.understudy.core.address.WireReport.Rival;
import io.understudy.core.config.IpAddress;
import io.understudy.core.config.VirtualAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Who else claims our addresses. Safe for use by several threads. */
final class Rivals {

    private static final System.Logger LOG = System.getLogger(Rivals.class.getName());

    /** Answers that come within this time answer the question; later ones are claims. */
    private static final long ANSWERS_WITHIN = TimeUnit.MILLISECONDS.toNanos(500);

    /** What was asked about and then did not come is not listened for longer than this. */
    private static final long COMES_WITHIN = TimeUnit.SECONDS.toNanos(60);

    /** The same rival is written into the log so often. */
    private static final long LOG_EVERY = TimeUnit.SECONDS.toNanos(60);

    private final Map<VirtualAddress, Long> asked = new HashMap<>();
    private final Map<VirtualAddress, Rival> heard = new HashMap<>();
    private final Map<VirtualAddress, Long> logged = new HashMap<>();
    private final Set<IpAddress> claimed = new HashSet<>();
    private final Map<VirtualAddress, Long> claimedAt = new HashMap<>();
    private List<VirtualAddress> watched = List.of();

    /** Has claims to these addresses noticed from now on, and to no others. */
    synchronized void watch(List<VirtualAddress> addresses) {
        watched = addresses;
    }

    /** Notes that the wire is asked about an address; false: it was just asked. */
    synchronized boolean asked(VirtualAddress address, long now) {
        asked.values().removeIf(at -> now - at > COMES_WITHIN);
        claimedAt.values().removeIf(at -> now - at > COMES_WITHIN);
        Long before = asked.put(address, now);
        if (before != null && now - before < ANSWERS_WITHIN) {
            asked.put(address, before);
            return false;
        }
        heard.remove(address);
        return true;
    }

    synchronized void forget(VirtualAddress address) {
        asked.remove(address);
        heard.remove(address);
        logged.remove(address);
        claimed.remove(address.address());
        claimedAt.remove(address);
    }

    /** Notes a claim; true if it is to one of ours. */
    synchronized boolean claim(byte[] bytes, String mac, long now) {
        boolean ours = false;
        for (VirtualAddress address : watchedAndAsked()) {
            if (Arrays.equals(address.address().bytes(), bytes)) {
                ours = true;
                Long question = asked.get(address);
                boolean before =
                        question != null && now - question < ANSWERS_WITHIN
                                || heard.containsKey(address)
                                        && heard.get(address).before()
                                        && heard.get(address).mac().equals(mac);
                heard.put(address, new Rival(address, mac, before, now));
                claimed.add(address.address());
                claimedAt.put(address, now);
                log(address, mac, before, now);
            }
        }
        return ours;
    }

    private Set<VirtualAddress> watchedAndAsked() {
        Set<VirtualAddress> all = new HashSet<>(watched);
        all.addAll(asked.keySet());
        return all;
    }

    private void log(VirtualAddress address, String mac, boolean before, long now) {
        Long last = logged.get(address);
        if (last == null || now - last > LOG_EVERY) {
            logged.put(address, now);
            LOG.log(
                    System.Logger.Level.WARNING,
                    before
                            ? "{0} answers for {1}, which is to come here by right; it comes"
                                    + " when nobody answers, or 1.25 s after it was due"
                            : "{0} claims {1}, which is here by right; it is announced again",
                    mac,
                    address);
        }
    }

    /** Returns whether there is a claim to the address that was not yet answered. */
    synchronized boolean claimed(VirtualAddress address) {
        return claimed.contains(address.address());
    }

    /** Returns whether anybody has claimed the address since a moment. */
    synchronized boolean claimedSince(VirtualAddress address, long since) {
        Long last = claimedAt.get(address);
        return last != null && last - since >= 0;
    }

    synchronized void answered(VirtualAddress address) {
        claimed.remove(address.address());
    }

    synchronized List<Rival> heard() {
        return List.copyOf(heard.values());
    }
}
