package io.understudy.cluster.peer;

import java.io.OutputStream;

/** Answers a call with a body of any size. Runs on a thread of the {@link PeerServer}. */
@FunctionalInterface
public interface PeerStreamHandler {

    /**
     * Writes the reply. Returning ends the stream well; throwing ends it as an error that the
     * reader notices as an {@link java.io.IOException} with the message.
     *
     * @param request who asks what; its sender is authenticated
     * @param out buffered and checked frame by frame; need not be closed; a reader that takes
     *     nothing for a minute ends it with an IOException
     * @throws Exception told to the reader
     */
    void handle(PeerRequest request, OutputStream out) throws Exception;
}
