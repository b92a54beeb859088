package io.understudy.cluster.member;

import io.understudy.cluster.events.EventLog;
import io.understudy.cluster.heartbeat.HeartbeatListener;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.VersionSkew;
import io.understudy.core.text.Messages;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Tells in the event log of members that are refused, or whose version is another one. */
final class Claims implements HeartbeatListener, PeerServer.RefusalListener {

    private static final System.Logger LOG = System.getLogger(Claims.class.getName());
    private static final String WARNING = "WARNING";

    private static final long TELL_AGAIN_NANOS = 300_000_000_000L;

    private final Map<NodeName, Long> told = new ConcurrentHashMap<>();
    private final NodeName self;
    private final String version;
    private final EventLog events;
    private final Messages words = Messages.in(Locale.ENGLISH);

    Claims(NodeName self, String version, EventLog events) {
        this.self = self;
        this.version = version;
        this.events = events;
    }

    @Override
    public void refused(NodeName member, String code, String theirs, String ours) {
        tell(WARNING, code, member, theirs, ours);
    }

    /** A process asked to be let in under a name that is heard already. */
    void taken(NodeName member) {
        tell(WARNING, "MEMBER_NAME_TAKEN", member, "", "");
    }

    /** A member came with another data directory than the one it is known with. */
    void otherDisk(NodeName member) {
        long now = System.nanoTime();
        Long before = told.get(member);
        if (before == null || now - before > TELL_AGAIN_NANOS) {
            told.put(member, now);
            tell(WARNING, "MEMBER_DISK_DIFFERS", member, "", "");
        }
    }

    @Override
    public void nameClaimed(NodeName peer, String address) {
        tell(WARNING, "MEMBER_NAME_CLAIMED", peer, address, "");
    }

    @Override
    public void versionDiffers(NodeName peer, String theirs) {
        // What is further apart is refused, and told of, by the peer port.
        if (VersionSkew.between(version, theirs).allowed()) {
            tell("INFO", "VERSION_DIFFERS", peer, theirs, version);
        }
    }

    private void tell(String severity, String code, NodeName member, String theirs, String ours) {
        Map<String, String> details =
                Map.of(
                        "node",
                        self.value(),
                        "member",
                        member.value(),
                        "theirs",
                        theirs,
                        "ours",
                        ours);
        String sentence = words.event(code, Optional.empty(), details);
        LOG.log(System.Logger.Level.WARNING, sentence);
        events.append(null, severity, code, details, sentence);
    }
}
