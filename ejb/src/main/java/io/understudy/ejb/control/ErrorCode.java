package io.understudy.ejb.control;

import java.util.Optional;

/**
 * Every error that a node tells its users, in one place: the stable code, the HTTP status with
 * which REST answers, what it means, and the next step where the error itself knows no better one.
 * docs/reference/errors.md is checked against this table.
 */
public enum ErrorCode {
    /** The body or a parameter cannot be read. */
    MALFORMED_REQUEST(
            400, "The request cannot be read", "Correct the request as the message says."),
    /** No token, or a wrong one. */
    UNAUTHENTICATED(
            401,
            "The request carries no valid token",
            "Send the content of the data directory's file 'token' as 'Authorization: Bearer'."),
    /** There is no such page or resource. */
    NOT_FOUND(404, "There is nothing at this address", "Look up the address at /openapi."),
    /** The configuration names no such instance. */
    UNKNOWN_INSTANCE(
            404,
            "The configuration names no such instance",
            "Look up the instances with 'understudy status'."),
    /** The configuration names no such group. */
    UNKNOWN_GROUP(
            404,
            "The configuration names no such group",
            "Look up the groups with 'understudy status'."),
    /** This node remembers no such operation. */
    UNKNOWN_OPERATION(
            404,
            "This node remembers no such operation",
            "Ask the node that accepted it, or look at the events; finished ones are kept for a"
                    + " while only."),
    /** The resource does not have this method. */
    METHOD_NOT_ALLOWED(
            405,
            "The address does not have this method",
            "Use a method that the answer's Allow names."),
    /** No form that the client accepts can be made. */
    NOT_ACCEPTABLE(
            406, "The answer cannot be made in the form asked for", "Accept application/json."),
    /** The operation does not fit the present state. */
    REFUSED(
            409,
            "The operation does not fit the present state",
            "Look at 'understudy status' for what is possible now."),
    /** Another operation on the instance is under way. */
    OPERATION_UNDER_WAY(
            409,
            "Another operation on this instance is under way",
            "Wait until it has ended, then look whether this one is still needed."),
    /** The instance is held for maintenance. */
    HELD(
            409,
            "The instance is held for maintenance",
            "Ask who holds it, wait until the time is over, or say 'understudy release INSTANCE'."),
    /** The instance already is where it is asked to go. */
    ALREADY_THERE(
            409, "The instance already is where it is asked to go", "Nothing needs to be done."),
    /** The node that would have to serve is not able to. */
    PEER_NOT_READY(
            409,
            "The node that would have to serve is not able to",
            "Mend what the message names, or wait until the node is back."),
    /** The other copy is not proven complete, and no loss was accepted. */
    NOT_IN_SYNC(
            409,
            "The copy to be promoted is not proven to hold every acknowledged write",
            "Wait for the resync, bring the other node back, or accept the stated loss with"
                    + " --accept-loss."),
    /** The instance cannot be moved or mended so in its present state. */
    WRONG_STATE(
            409,
            "The instance's present state does not allow this",
            "Look at 'understudy status' for what is possible now."),
    /** Another configuration is in force than the one expected. */
    CONFIGURATION_CHANGED(
            412,
            "Another configuration is in force than the one expected",
            "Read the configuration again, repeat your change on it, and apply that."),
    /** The body is larger than accepted. */
    TOO_LARGE(413, "The body is larger than accepted", "Send at most 1 MiB."),
    /** The body's media type is not understood. */
    UNSUPPORTED_MEDIA_TYPE(
            415,
            "The body's media type is not understood here",
            "Send application/json, for a configuration application/yaml."),
    /** The configuration breaks a rule. */
    INVALID_CONFIGURATION(
            422,
            "The configuration breaks a rule",
            "Mend each field that 'problems' lists, then apply again."),
    /** A change says not which version it was made from. */
    CONDITION_MISSING(
            428,
            "The change does not say which version it was made from",
            "Read the configuration, send its ETag as If-Match; with * it is changed whatever is in"
                    + " force."),
    /** Too many wrong tokens came from one address. */
    TOO_MANY_ATTEMPTS(
            429,
            "Too many wrong tokens came from this address",
            "Wait as long as Retry-After says, then use the right token."),
    /** A bug, or a broken invariant. */
    INTERNAL_ERROR(
            500,
            "An unexpected error happened",
            "Look for the incident number in this node's log, and report both."),
    /** A change may or may not have happened. */
    OUTCOME_UNKNOWN(
            503,
            "The outcome is unknown: it may have happened, or may happen yet",
            "Look at the state before asking again."),
    /** No majority of the voters answers. */
    NO_MAJORITY(
            503,
            "Less than a majority of the voters answers",
            "Bring back a node or the witness, or mend the network between them."),
    /** The application runs without a node file. */
    NOT_CONFIGURED(
            503,
            "This node has no configuration yet",
            "Start it with 'understudy node --config FILE'."),
    /** As many streams are open as there may be. */
    TOO_MANY_STREAMS(
            503,
            "As many event streams are open on this node as there may be",
            "Close one, or ask for events with 'wait' instead."),
    /** The node is starting or stopping. */
    NOT_READY(503, "The node is starting or stopping", "Ask again in a few seconds."),
    /** The data directory has no usable token. */
    NO_TOKEN(
            503,
            "This node's data directory holds no usable token",
            "Start the node with 'understudy node', which makes one.");

    private final int status;
    private final String title;
    private final String next;

    ErrorCode(int status, String title, String next) {
        this.status = status;
        this.title = title;
        this.next = next;
    }

    /** Returns the HTTP status with which REST answers. */
    public int status() {
        return status;
    }

    /** Returns what it means, without object: one short sentence without full stop. */
    public String title() {
        return title;
    }

    /** Returns the next step to take where nothing better is known, one sentence. */
    public String next() {
        return next;
    }

    /** Returns the code named {@code name}, if there is one. */
    public static Optional<ErrorCode> named(String name) {
        for (ErrorCode code : values()) {
            if (code.name().equals(name)) {
                return Optional.of(code);
            }
        }
        return Optional.empty();
    }
}
