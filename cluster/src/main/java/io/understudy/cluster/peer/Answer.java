package io.understudy.cluster.peer;

import io.understudy.cluster.peer.PeerException.Kind;
import io.understudy.core.node.NodeName;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;

/**
 * What came back for a call.
 *
 * @param envelope the call's
 * @param status of HTTP
 * @param body bytes, or a stream's {@link InputStream}
 */
record Answer(Envelope envelope, int status, Object body) {

    /** Returns this if the call went well, and throws what the peer says otherwise. */
    Answer settled(NodeName peer, String path) {
        if (status == 200) {
            return this;
        }
        String reason =
                body instanceof byte[] bytes
                        ? new String(bytes, StandardCharsets.UTF_8)
                        : "status " + status;
        if (status == 409) {
            throw new PeerException(peer, Kind.REFUSED, reason);
        }
        throw new PeerException(
                peer, Kind.FAILED, peer + " failed to answer " + path + ": " + reason);
    }

    /** Frees the connection of a stream that nobody reads. */
    void discard() {
        if (body instanceof InputStream in) {
            try {
                in.close();
            } catch (IOException e) {
                System.getLogger(Answer.class.getName())
                        .log(System.Logger.Level.DEBUG, "closing an unused stream", e);
            }
        }
    }

    /** Returns whether a call failed before anything of it was sent. */
    static boolean neverSent(Throwable error) {
        Throwable cause = error;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException;
    }

    /** Says what went wrong in the words of {@link PeerException}. */
    static PeerException failure(NodeName peer, String target, String path, Throwable error) {
        Throwable cause = error;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof PeerException known) {
            return known;
        }
        if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
            return new PeerException(
                    peer,
                    Kind.NOT_CONNECTED,
                    peer + " cannot be connected to at " + target + ": " + cause.getMessage() + ".",
                    cause);
        }
        boolean late = cause instanceof HttpTimeoutException;
        return new PeerException(
                peer,
                Kind.UNREACHABLE,
                peer
                        + " did not answer "
                        + path
                        + (late ? " in time." : ": " + cause.getMessage() + "."),
                cause);
    }
}
