package io.understudy.cluster.heartbeat;

import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.peer.PeerFacts;
import io.understudy.core.time.Moment;
import java.net.InetAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the heartbeat knows of one peer. Used by the heartbeat's thread; what others read is in
 * {@link #facts} and {@link #last}.
 */
final class PeerTrack {

    /** What a beat is worth. */
    enum Worth {
        /** From the peer's present process, which knows this one: contact. */
        CONTACT,
        /** As above, and the process is another one than before. */
        NEW_PROCESS,
        /** Authentic, but does not show that it was made for this process: may be a recording. */
        HELLO,
        /** Seen before, or from a process that is over. */
        STALE
    }

    private static final int RETIRED = 1024;
    private static final int CONTRADICTIONS = 3;

    private static final long CLAIM_TOLD_EVERY = 300_000_000_000L;
    private static final long LEFTOVERS_NANOS = 5_000_000_000L;

    private final NodeName name;
    private final InetAddress address;
    private final long ownBoot;
    private final ResponseTimes responses = new ResponseTimes();
    private final Set<Long> retired =
            Collections.newSetFromMap(
                    new LinkedHashMap<Long, Boolean>() {
                        private static final long serialVersionUID = 1L;

                        @Override
                        protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
                            return size() > RETIRED;
                        }
                    });
    private long boot;
    private long counter;
    private long heardAt;

    /** What its process heard of us before, it heard of an earlier one. */
    private long metAt;

    private long beatAt;
    private int beatsSinceGone;
    private Contact contact = Contact.SILENT;
    private Moment since;
    private volatile PeerFacts facts;
    private volatile Beat last;
    private long retiredAt;
    private long claimToldAt;

    /**
     * @param address where the peer beats from, by cluster.members
     */
    PeerTrack(NodeName name, InetAddress address, long ownBoot, long now) {
        this.name = name;
        this.address = address;
        this.ownBoot = ownBoot;
        this.heardAt = now;
        this.metAt = now;
        this.beatAt = now;
        this.since = new Moment(now);
        publish(now);
    }

    Worth judge(Beat beat) {
        if (retired.contains(beat.boot())) {
            return Worth.STALE;
        }
        if (beat.toBoot() != ownBoot) {
            return Worth.HELLO;
        }
        if (beat.boot() != boot) {
            return Worth.NEW_PROCESS;
        }
        return beat.counter() > counter ? Worth.CONTACT : Worth.STALE;
    }

    /**
     * Takes a beat that is contact; returns whether the contact changed. Who has long heard nothing
     * of us, by its own word, counts as silent since then: it is not reached, however well it is
     * heard.
     */
    boolean heard(Beat beat, long silenceNanos, long now) {
        boolean fresh = beat.boot() != boot;
        if (fresh) {
            if (boot != 0) {
                retired.add(boot);
                retiredAt = now;
            }
            boot = beat.boot();
        }
        counter = beat.counter();
        beatAt = now;
        last = beat;
        if (contact == Contact.GONE && !fresh && ++beatsSinceGone < CONTRADICTIONS) {
            // Beats may still be on their way when their sender is proven dead. If they go on,
            // the proof was none (a firewall that rejects) and the peer lives.
            return false;
        }
        if (fresh) {
            metAt = now;
        }
        boolean deaf = beat.echo() != 0 && beat.echoDelay() > silenceNanos / 2;
        heardAt = deaf ? Math.max(metAt, now - beat.echoDelay()) : now;
        if (now - heardAt > silenceNanos) {
            publish(now);
            return false;
        }
        return become(Contact.HEARD, now);
    }

    /** Returns whether the contact changed. */
    boolean silent(long silenceNanos, long now) {
        return contact == Contact.HEARD
                && now - heardAt > silenceNanos
                && become(Contact.SILENT, now);
    }

    /**
     * Takes a proof of death.
     *
     * @param asked when the proof was asked for
     * @return whether the contact changed
     */
    boolean gone(Moment asked, long now) {
        if (contact == Contact.GONE || asked.isBefore(new Moment(beatAt))) {
            return false;
        }
        beatsSinceGone = 0;
        contact = Contact.GONE;
        since = asked;
        publish(now);
        return true;
    }

    /**
     * Returns whether a beat shows that a second process lives under this peer's name: it comes
     * from elsewhere, or from a process that was succeeded long ago. Says so once in a while only.
     */
    boolean claimed(Beat beat, InetAddress from, long now) {
        boolean elsewhere = !address.equals(from);
        boolean survivor = retired.contains(beat.boot()) && now - retiredAt > LEFTOVERS_NANOS;
        boolean due = claimToldAt == 0 || now - claimToldAt > CLAIM_TOLD_EVERY;
        if ((elsewhere || survivor) && due) {
            claimToldAt = now;
            return true;
        }
        return false;
    }

    /** Returns whether this is where the peer beats from. */
    boolean isAt(InetAddress from) {
        return address.equals(from);
    }

    /** Forgets silence that may be this process's own. */
    void restartSilence(long now) {
        heardAt = now;
        metAt = now;
    }

    long silentFor(long now) {
        return now - heardAt;
    }

    void responded(long nanos, long now) {
        responses.add(nanos, now);
    }

    private boolean become(Contact next, long now) {
        boolean changed = contact != next;
        if (changed) {
            contact = next;
            since = new Moment(now);
        }
        publish(now);
        return changed;
    }

    /** Makes what is known now visible to other threads. */
    void publish(long now) {
        facts =
                new PeerFacts(
                        name,
                        contact,
                        since,
                        new Moment(beatAt),
                        responses.mean(now),
                        responses.jitter(now));
    }

    NodeName name() {
        return name;
    }

    PeerFacts facts() {
        return facts;
    }

    Contact contact() {
        return contact;
    }

    long boot() {
        return boot;
    }

    long counter() {
        return counter;
    }

    /** When the beat of {@link #counter} came. */
    long beatAt() {
        return beatAt;
    }

    Optional<Beat> last() {
        return Optional.ofNullable(last);
    }
}
