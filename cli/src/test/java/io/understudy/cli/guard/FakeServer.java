package io.understudy.cli.guard;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Speaks to the guard as the app server does: starts one child, holds a lease of 400 ms and renews
 * it every 50 ms until it is stopped or killed. Prints the child's number.
 */
public final class FakeServer {

    private FakeServer() {}

    /** Takes the socket's path. */
    public static void main(String[] arguments) throws IOException {
        Path socket = Path.of(arguments[0]);
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            BufferedReader answers =
                    new BufferedReader(
                            new InputStreamReader(
                                    Channels.newInputStream(channel), StandardCharsets.UTF_8));
            if (!"ready".equals(answers.readLine())) {
                throw new IOException("the guard is not ready");
            }
            renew(channel);
            Process child = new ProcessBuilder("sleep", "100").start();
            ProcessId id = ProcessId.of(child.pid()).orElseThrow();
            send(channel, "child nms " + id.pid() + " " + id.startTicks() + " leased");
            System.out.println(id.pid());
            while (true) {
                renew(channel);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
    }

    private static void renew(SocketChannel channel) throws IOException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(400);
        send(channel, "lease nms 2 " + until);
    }

    private static void send(SocketChannel channel, String line) throws IOException {
        channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
    }
}
