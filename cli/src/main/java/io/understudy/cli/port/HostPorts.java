package io.understudy.cli.port;

import io.understudy.cli.address.Sockets;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/** This host's nf_tables, as far as this process may use them. */
public final class HostPorts {

    private static final System.Logger LOG = System.getLogger(HostPorts.class.getName());
    private static final String TABLE = "understudy-";

    private HostPorts() {}

    /**
     * Opens the line to the kernel; where it is refused, the gate says so once it is used.
     *
     * @param node whose table it is: several may run on one host
     * @param nanos the monotonic clock by which leases are counted
     */
    public static PortGate open(String node, LongSupplier nanos) {
        return new PortGate(kernel(node), nanos);
    }

    /** Removes what an earlier run of the node left closed; nothing happens where nothing is. */
    public static void clear(String node) {
        try (PortKernel kernel = kernel(node)) {
            kernel.clear();
        } catch (IOException e) {
            // Who may not change rules has left none.
            LOG.log(System.Logger.Level.DEBUG, "clearing ports", e);
        }
    }

    private static PortKernel kernel(String node) {
        try {
            return new Nftables(Sockets.load(), TABLE + node);
        } catch (IOException | LinkageError e) {
            return new Refusing(String.valueOf(e.getMessage()));
        }
    }

    private record Refusing(String why) implements PortKernel {
        @Override
        public void guard(Set<Integer> guarded) throws IOException {
            throw new IOException(why);
        }

        @Override
        public void open(Map<Integer, Long> millis) throws IOException {
            throw new IOException(why);
        }

        @Override
        public void clear() {
            // Never made.
        }

        @Override
        public void close() {
            // Never opened.
        }
    }
}
