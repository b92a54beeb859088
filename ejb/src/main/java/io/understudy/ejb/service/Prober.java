package io.understudy.ejb.service;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.understudy.core.config.Probe;
import io.understudy.ejb.process.CommandResult;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a service whether it works. Every question blocks, at most for its limit. */
final class Prober {

    private static final Pattern STATUS = Pattern.compile("HTTP/\\d(?:\\.\\d)? (\\d{3}).*");
    private static final int LONGEST_STATUS_LINE = 512;

    private Prober() {}

    /** Runs a probe's command. */
    interface Commands {
        CommandResult run(List<String> command, Duration limit)
                throws IOException, InterruptedException;
    }

    /** Answers within about {@code limit}. {@link Probe.Alive} is always good: the caller knows. */
    static ProbeResult ask(Probe probe, Commands commands, Duration limit)
            throws InterruptedException {
        if (probe instanceof Probe.Tcp tcp) {
            return tcp(tcp.host(), tcp.port(), limit);
        }
        if (probe instanceof Probe.Http http) {
            return http(http.url(), limit);
        }
        if (probe instanceof Probe.Command command) {
            return command(command.command(), commands, limit);
        }
        return ProbeResult.GOOD;
    }

    private static ProbeResult tcp(String host, int port, Duration limit) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), millis(limit));
            return ProbeResult.GOOD;
        } catch (IOException e) {
            return ProbeResult.bad(
                    "TCP probe of " + host + ":" + port + " failed: " + e.getMessage());
        }
    }

    /**
     * By hand, as the JDK's clients either let a trickling answer pass their time limit or own
     * threads that cannot be ended.
     */
    private static ProbeResult http(String url, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        try (Socket socket = new Socket()) {
            URI uri = URI.create(url);
            int port = uri.getPort() < 0 ? 80 : uri.getPort();
            socket.connect(new InetSocketAddress(uri.getHost(), port), millis(limit));
            socket.getOutputStream().write(request(uri, port).getBytes(US_ASCII));
            String line = statusLine(socket, deadline);
            Matcher status = STATUS.matcher(line);
            if (!status.matches()) {
                return ProbeResult.bad("HTTP probe of " + url + ": the answer is not HTTP");
            }
            int code = Integer.parseInt(status.group(1));
            return code >= 200 && code <= 399
                    ? ProbeResult.GOOD
                    : ProbeResult.bad("HTTP probe of " + url + " answered " + code);
        } catch (IOException | IllegalArgumentException e) {
            return ProbeResult.bad("HTTP probe of " + url + " failed: " + e.getMessage());
        }
    }

    private static String request(URI uri, int port) {
        String path =
                uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return "GET "
                + path
                + query
                + " HTTP/1.1\r\nHost: "
                + uri.getHost()
                + ":"
                + port
                + "\r\nUser-Agent: understudy-probe\r\nConnection: close\r\n\r\n";
    }

    private static String statusLine(Socket socket, long deadline) throws IOException {
        StringBuilder line = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (line.length() < LONGEST_STATUS_LINE) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new SocketTimeoutException("no complete answer in time");
            }
            socket.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
            int next = in.read();
            if (next < 0 || next == '\n') {
                break;
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    private static ProbeResult command(List<String> command, Commands commands, Duration limit)
            throws InterruptedException {
        try {
            CommandResult result = commands.run(command, limit);
            if (result.succeeded()) {
                return ProbeResult.GOOD;
            }
            String how =
                    result.timedOut()
                            ? "did not end within " + limit.toMillis() + " ms"
                            : "ended with status " + result.status();
            String said = result.lastLine().isEmpty() ? "" : ": " + result.lastLine();
            return ProbeResult.bad("probe command '" + command.get(0) + "' " + how + said);
        } catch (IOException e) {
            return ProbeResult.bad(e.getMessage());
        }
    }

    private static int millis(Duration limit) {
        return (int) Math.max(1, limit.toMillis());
    }
}
