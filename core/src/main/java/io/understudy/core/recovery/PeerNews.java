package io.understudy.core.recovery;

import io.understudy.core.peer.Contact;
import io.understudy.core.time.Moment;
import java.util.Optional;

/** Takes in what the heartbeat tells of the peer. */
final class PeerNews {

    private PeerNews() {}

    static void take(Situation s, Event.PeerContact told, Moment now) {
        s.contact = told.contact();
        s.contactAsked = told.asked();
        s.everHeard |= told.contact() == Contact.HEARD;
        s.mainLost = told.mainLost();
        s.shiftedAt = told.shifting() ? Optional.of(now) : s.shiftedAt;
    }
}
