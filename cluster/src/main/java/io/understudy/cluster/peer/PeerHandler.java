package io.understudy.cluster.peer;

/** What a member does when a peer calls a path. Runs on a thread of the {@link PeerServer}. */
@FunctionalInterface
public interface PeerHandler {

    /**
     * Answers one call. Callers repeat calls whose answer was lost, so handling must be idempotent.
     *
     * @param request who asks what; its sender is authenticated
     * @return what becomes the JSON body of the reply; null for an empty one
     * @throws PeerRefusal to refuse with a reason
     * @throws Exception anything else is logged here and told to the caller as a failure
     */
    Object handle(PeerRequest request) throws Exception;
}
