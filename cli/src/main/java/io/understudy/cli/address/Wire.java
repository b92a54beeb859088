package io.understudy.cli.address;

import io.understudy.core.config.VirtualAddress;
import java.io.IOException;

/** The network that an address is on. */
interface Wire {

    /**
     * Tells everybody there that the address is at this host's interface: gratuitous ARP, both as
     * request and as answer (RFC 5227 section 3, RFC 2002 section 4.6), or an unsolicited neighbour
     * advertisement with the override flag (RFC 4861 section 7.2.6).
     *
     * @throws IOException if it cannot be sent: cause
     */
    void announce(VirtualAddress address) throws IOException;
}
