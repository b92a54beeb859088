package io.understudy.cluster.heartbeat;

import io.understudy.cluster.peer.Secret;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Path;
import java.io.IOException;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Sends this member's beats. What they tell may be set by any thread; the rest is the loop's. */
final class Beats {

    private final NodeConfiguration node;
    private final String version;
    private final long boot;
    private final Beat.Codec codec;
    private final Datagrams datagrams;
    private final LongSupplier nanoTime;
    private final Consumer<NodeName> unreachable;
    private final SentTimes sent = new SentTimes();
    private final ByteBuffer buffer = ByteBuffer.allocate(Beat.MAXIMUM_BYTES);
    private final AtomicLong nudges = new AtomicLong();
    private long counter;
    private volatile long report;
    private volatile byte[] hint = new byte[0];

    /**
     * @param unreachable hears of a peer whose kernel says that nobody listens at its main address
     */
    Beats(
            NodeConfiguration node,
            Secret secret,
            String version,
            long boot,
            Datagrams datagrams,
            LongSupplier nanoTime,
            Consumer<NodeName> unreachable) {
        this.node = node;
        this.version = version;
        this.boot = boot;
        this.codec = new Beat.Codec(secret, node.clusterName());
        this.datagrams = datagrams;
        this.nanoTime = nanoTime;
        this.unreachable = unreachable;
    }

    void nudge() {
        nudges.incrementAndGet();
    }

    void report(long reportVersion) {
        report = reportVersion;
    }

    void hint(byte[] bytes) {
        hint = bytes;
    }

    /** Returns the beat in a datagram; null if it is none of this cluster. */
    Beat decode(ByteBuffer datagram) {
        return codec.decode(datagram);
    }

    /** Notes how long the beat that this one answers was under way there and back. */
    void answered(Beat beat, PeerTrack track, long now) {
        sent.responseTo(beat.echo(), beat.echoDelay(), now)
                .ifPresent(nanos -> track.path(beat.path()).responses().add(nanos, now));
    }

    /** Sends a beat by every path to the peer. */
    void beat(PeerTrack track, long toBoot) {
        for (Line line : datagrams.lines()) {
            if (line.reaches(track.name())) {
                beat(line, track, toBoot);
            }
        }
    }

    private void beat(Line line, PeerTrack track, long toBoot) {
        long now = nanoTime.getAsLong();
        counter++;
        PathTrack path = track.path(line.path());
        boolean known = track.boot() != 0 && path.counter() != 0;
        Beat beat =
                new Beat(
                        node.name(),
                        track.name(),
                        boot,
                        counter,
                        toBoot,
                        known ? path.counter() : 0,
                        known ? now - path.beatAt() : 0,
                        node.role(),
                        version,
                        report,
                        nudges.get(),
                        hint,
                        node.directAddress().orElse(""),
                        line.path());
        codec.encode(beat, buffer);
        sent.sent(counter, now);
        try {
            line.send(track.name(), buffer);
        } catch (PortUnreachableException e) {
            if (line.path() == Path.MAIN) {
                unreachable.accept(track.name());
            }
        } catch (IOException e) {
            line.problem(track.name(), e);
        }
    }
}
