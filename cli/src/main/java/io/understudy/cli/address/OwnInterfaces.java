package io.understudy.cli.address;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Arrays;

/** The hardware addresses of this host. */
final class OwnInterfaces {

    private static final System.Logger LOG = System.getLogger(OwnInterfaces.class.getName());

    private OwnInterfaces() {}

    static boolean have(byte[] mac) {
        try {
            return NetworkInterface.networkInterfaces().anyMatch(i -> Arrays.equals(mac, macOf(i)));
        } catch (SocketException e) {
            LOG.log(System.Logger.Level.DEBUG, "this host's interfaces cannot be read", e);
            return false;
        }
    }

    private static byte[] macOf(NetworkInterface device) {
        try {
            return device.getHardwareAddress();
        } catch (SocketException gone) {
            return null;
        }
    }
}
