package io.understudy.ejb.guard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.understudy.core.address.WireReport;
import io.understudy.core.config.VirtualAddress;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.time.Moment;
import io.understudy.ejb.process.ProcessIdentity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * The line to the guard over its Unix domain socket. The channel never blocks a caller. What is
 * said of leases waits for up to a second where the kernel's buffer is full: a lease's deadline
 * stands in any case. A guard that has not read when a child is to be told, or for longer, counts
 * as lost.
 */
public final class SocketGuardLink implements GuardLink {

    private static final System.Logger LOG = System.getLogger(SocketGuardLink.class.getName());

    private static final String UNREAD = "it does not read";
    private static final long PATIENCE_NANOS = 1_000_000_000L;
    private static final long UNREAD_LOOK_MILLIS = 10;

    /** So long the first line of many waits for the others. */
    private static final long GATHERING_NANOS = 3_000_000L;

    private static final int MOST_PENDING = 1 << 18;

    private final SocketChannel channel;
    private final Selector selector;
    private final Runnable onLost;
    private final Thread reader;
    private final Object writing = new Object();
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private final GuardAnswers answers = new GuardAnswers();
    private long unreadSince;
    private boolean unread;
    private volatile boolean lost;
    private volatile boolean closed;

    private SocketGuardLink(SocketChannel channel, Selector selector, Runnable onLost) {
        this.channel = channel;
        this.selector = selector;
        this.onLost = onLost;
        this.reader = new Thread(this::watch, "understudy-guard-link");
        this.reader.setDaemon(true);
    }

    /**
     * Connects and waits for the guard's {@code ready}.
     *
     * @param socket the guard's socket, {@code DATA/run/guard.sock}
     * @param limit how long connecting may take
     * @param onLost called once, on a thread of the link or of a caller, if the guard is lost; must
     *     not block
     * @throws IOException if nobody listens or the guard does not get ready: cause, next step
     */
    public static SocketGuardLink connect(Path socket, Duration limit, Runnable onLost)
            throws IOException {
        Objects.requireNonNull(onLost, "onLost");
        SocketChannel channel = null;
        Selector selector = null;
        try {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
            channel.configureBlocking(false);
            selector = Selector.open();
            channel.register(selector, SelectionKey.OP_READ);
            awaitReady(channel, selector, limit);
        } catch (IOException e) {
            if (selector != null) {
                selector.close();
            }
            if (channel != null) {
                channel.close();
            }
            throw new IOException(
                    "the guard does not answer at "
                            + socket
                            + " ("
                            + e.getMessage()
                            + "); start the node with 'understudy node'",
                    e);
        }
        SocketGuardLink link = new SocketGuardLink(channel, selector, onLost);
        link.reader.start();
        return link;
    }

    @Override
    public boolean guarded() {
        return !lost && !closed;
    }

    @Override
    public boolean required() {
        return true;
    }

    @Override
    public void alive() {
        sendSoon("alive");
    }

    @Override
    public void lease(InstanceName instance, Epoch epoch, Moment validUntil) {
        // 0 is the protocol's word for "no lease".
        long nanos = validUntil.nanos() == 0 ? 1 : validUntil.nanos();
        sendSoon("lease " + instance + " " + epoch + " " + nanos);
    }

    @Override
    public void noLease(InstanceName instance, Epoch epoch) {
        sendSoon("lease " + instance + " " + epoch + " 0");
    }

    @Override
    public void addresses(InstanceName instance, List<VirtualAddress> addresses) {
        send("addresses " + instance + " " + list(addresses));
    }

    private static String list(List<VirtualAddress> addresses) {
        return addresses.stream()
                .map(a -> a.toString().replace(" dev ", "@"))
                .collect(Collectors.joining(","));
    }

    @Override
    public void probe(List<VirtualAddress> addresses) {
        if (!addresses.isEmpty()) {
            sendSoon("probe " + list(addresses));
        }
    }

    @Override
    public void ports(InstanceName instance, List<Integer> ports) {
        sendSoon(
                ports.isEmpty()
                        ? "noports " + instance
                        : "ports "
                                + instance
                                + " "
                                + ports.stream()
                                        .map(String::valueOf)
                                        .collect(Collectors.joining(",")));
    }

    @Override
    public void look() {
        sendSoon("look");
    }

    @Override
    public WireReport heard() {
        return answers.last();
    }

    @Override
    public void noAddresses(InstanceName instance) {
        send("noaddresses " + instance);
    }

    @Override
    public void announce(InstanceName instance) {
        sendSoon("announce " + instance);
    }

    @Override
    public void child(InstanceName instance, ProcessIdentity process, ChildKind kind) {
        send(
                "child "
                        + instance
                        + " "
                        + process.pid()
                        + " "
                        + process.startTicks()
                        + " "
                        + kind.word());
    }

    @Override
    public void kind(ProcessIdentity process, ChildKind kind) {
        send("kind " + process.pid() + " " + kind.word());
    }

    @Override
    public void group(InstanceName instance, Path directory) {
        send("group " + instance + " " + directory);
    }

    @Override
    public void ungroup(Path directory) {
        send("ungroup " + directory);
    }

    @Override
    public void gone(ProcessIdentity process) {
        sendSoon("gone " + process.pid());
    }

    @Override
    public void close() {
        synchronized (writing) {
            if (!lost && !closed) {
                flush().ifPresent(why -> LOG.log(System.Logger.Level.DEBUG, why));
            }
            closed = true;
        }
        selector.wakeup();
        try {
            reader.join(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        release();
    }

    /** Writes now; what the guard must know before this returns cannot wait. */
    private void send(String line) {
        tell(line, true);
    }

    /**
     * Writes soon, on the link's own thread: what many instances say in the same moment goes in one
     * piece, as the kernel's buffer takes few small ones.
     */
    private void sendSoon(String line) {
        if (tell(line, false)) {
            selector.wakeup();
        }
    }

    /** Returns whether the link's own thread is to be woken for it. */
    private boolean tell(String line, boolean now) {
        if (lost || closed) {
            return false;
        }
        Optional<String> reason;
        boolean first;
        synchronized (writing) {
            first = pending.size() == 0;
            pending.writeBytes((line + "\n").getBytes(UTF_8));
            reason = now ? flush() : Optional.empty();
            if (now && reason.isEmpty() && pending.size() > 0) {
                reason = Optional.of(UNREAD);
            }
        }
        reason.ifPresent(this::lose);
        return first && !now;
    }

    /** Writes what the kernel takes; says why the guard is lost if it is. */
    private Optional<String> flush() {
        if (pending.size() == 0) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(pending.toByteArray());
        try {
            channel.write(bytes);
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        pending.reset();
        if (!bytes.hasRemaining()) {
            unreadSince = 0;
            return Optional.empty();
        }
        pending.write(bytes.array(), bytes.position(), bytes.remaining());
        long now = System.nanoTime();
        unreadSince = unreadSince == 0 ? now : unreadSince;
        boolean tooLong = now - unreadSince > PATIENCE_NANOS || pending.size() > MOST_PENDING;
        return tooLong ? Optional.of(UNREAD) : Optional.empty();
    }

    private void watch() {
        ByteBuffer bytes = ByteBuffer.allocate(1024);
        try {
            while (!closed && !lost) {
                selector.select(unread ? UNREAD_LOOK_MILLIS : 1000);
                selector.selectedKeys().clear();
                gather();
                Optional<String> reason;
                synchronized (writing) {
                    reason = flush();
                    unread = pending.size() > 0;
                }
                reason.ifPresent(this::lose);
                bytes.clear();
                if (!lost && channel.read(bytes) < 0) {
                    lose("it closed the line");
                }
                answers.take(bytes.flip());
            }
        } catch (IOException e) {
            lose(e.getMessage());
        }
    }

    /** What is said in the same moment goes in one piece, and wakes this host's guard once. */
    private void gather() {
        boolean some;
        synchronized (writing) {
            some = !unread && !closed && pending.size() > 0;
        }
        if (some) {
            LockSupport.parkNanos(GATHERING_NANOS);
        }
    }

    private void lose(String reason) {
        synchronized (writing) {
            if (lost || closed) {
                return;
            }
            lost = true;
        }
        LOG.log(
                System.Logger.Level.ERROR,
                "the guard is lost ({0}); nothing that needs a lease is started until the node is"
                        + " restarted by ''understudy node''",
                reason);
        selector.wakeup();
        release();
        onLost.run();
    }

    private void release() {
        try {
            channel.close();
            selector.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "closing the line to the guard", e);
        }
    }

    private static void awaitReady(SocketChannel channel, Selector selector, Duration limit)
            throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        ByteBuffer one = ByteBuffer.allocate(1);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            one.clear();
            int read = channel.read(one);
            if (read < 0) {
                throw new IOException("it closed the line before it was ready");
            }
            if (read == 1 && one.get(0) == '\n') {
                if ("ready".equals(line.toString(UTF_8).trim())) {
                    return;
                }
                throw new IOException("it said '" + line.toString(UTF_8) + "' instead of 'ready'");
            }
            if (read == 1) {
                line.write(one.get(0));
                continue;
            }
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new IOException("it is not ready after " + limit.toMillis() + " ms");
            }
            selector.select(left);
            selector.selectedKeys().clear();
        }
    }
}
