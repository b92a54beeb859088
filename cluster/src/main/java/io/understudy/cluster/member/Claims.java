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

/** Tells in the event log of members that are refused, or whose version is another one. */
final class Claims implements HeartbeatListener, PeerServer.RefusalListener {

    private static final System.Logger LOG = System.getLogger(Claims.class.getName());
    private static final String WARNING = "WARNING";

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
