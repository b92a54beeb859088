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

    /**
     * Asks everybody there who has the address, without claiming it: an ARP probe (RFC 5227 section
     * 2.1) or a neighbour solicitation from nobody (RFC 4862 section 5.4.2). Answers are heard like
     * any other claim. Returns at once.
     *
     * @throws IOException if it cannot be sent: cause
     */
    void probe(VirtualAddress address) throws IOException;
}
