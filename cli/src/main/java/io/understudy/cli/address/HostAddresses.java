package io.understudy.cli.address;

import io.understudy.core.config.VirtualAddress;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * This host's kernel and wire, as far as this process may use them. Opened at once, as the process
 * may be asked within milliseconds; where something is refused, every use of it says so.
 */
public final class HostAddresses implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(HostAddresses.class.getName());

    private final AddressKeeper keeper;
    private Netlink netlink;
    private Ethernet ethernet;

    /**
     * Opens the sockets.
     *
     * @param nanos the monotonic clock by which leases are counted
     * @param onRival called, on a thread of this object, when another host claims an address that
     *     is here: {@link AddressKeeper#tick} is due
     */
    public HostAddresses(LongSupplier nanos, Runnable onRival) {
        Kernel kernel;
        Wire wire;
        try {
            Sockets sockets = Sockets.load();
            netlink = new Netlink(sockets);
            kernel = netlink;
            wire = wire(sockets, onRival);
        } catch (IOException | LinkageError e) {
            String why = "this host's addresses cannot be changed (" + e.getMessage() + ")";
            LOG.log(System.Logger.Level.DEBUG, why, e);
            kernel = new Refusing(why);
            wire = new Mute("");
        }
        keeper = new AddressKeeper(kernel, wire, nanos);
    }

    private Wire wire(Sockets sockets, Runnable onRival) {
        try {
            ethernet = new Ethernet(sockets, claim -> heard(claim, onRival));
            return ethernet;
        } catch (IOException e) {
            return new Mute("cannot be announced (" + e.getMessage() + ")");
        }
    }

    private void heard(Frames.Claim claim, Runnable onRival) {
        // Own announcements come back on a bridge or from a second interface of this host.
        if (!OwnInterfaces.have(claim.mac())
                && keeper.rival(
                        claim.address(), HexFormat.ofDelimiter(":").formatHex(claim.mac()))) {
            onRival.run();
        }
    }

    /** Returns what keeps the addresses. */
    public AddressKeeper keeper() {
        return keeper;
    }

    /**
     * Takes addresses away that an earlier run left; one that is not here, or cannot be taken, is
     * logged: the kernel ends it within a second.
     */
    public static void clear(List<VirtualAddress> left) {
        if (left.isEmpty()) {
            return;
        }
        try (Netlink kernel = new Netlink(Sockets.load())) {
            for (VirtualAddress address : left) {
                try {
                    kernel.remove(address);
                } catch (IOException e) {
                    LOG.log(System.Logger.Level.WARNING, e.getMessage());
                }
            }
        } catch (IOException | LinkageError e) {
            LOG.log(System.Logger.Level.WARNING, "addresses cannot be taken away", e);
        }
    }

    /** Closes the sockets; addresses that are still here go with their lifetime. */
    @Override
    public void close() {
        if (ethernet != null) {
            ethernet.close();
        }
        if (netlink != null) {
            netlink.close();
        }
    }

    /** Says why nothing can be sent; with an empty text it is not said: something else is worse. */
    private record Mute(String why) implements Wire {
        @Override
        public void announce(VirtualAddress address) throws IOException {
            if (!why.isEmpty()) {
                throw new IOException(address + " " + why);
            }
        }

        @Override
        public void probe(VirtualAddress address) throws IOException {
            announce(address);
        }
    }

    private record Refusing(String why) implements Kernel {
        @Override
        public void install(VirtualAddress address, int seconds) throws IOException {
            throw new IOException(address + ": " + why);
        }

        @Override
        public void remove(VirtualAddress address) {
            // Never installed.
        }
    }
}
