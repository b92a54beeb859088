package io.understudy.web.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.understudy.ejb.control.ErrorCode;
import io.understudy.ejb.control.Problem;
import java.util.List;

/**
 * An error's body: problem details (RFC 9457, section 3) with members of our own.
 *
 * @param type a URI that names the kind of error (RFC 9457, section 3.1.1)
 * @param title what the kind means
 * @param status the HTTP status
 * @param detail one sentence: cause and object
 * @param instance the address that was asked
 * @param code the stable code, see {@link ErrorCode}
 * @param next the next step, one sentence
 * @param incident names the entry in the node's log; null unless the error was unexpected
 * @param problems what is wrong in a document, field by field; null unless it was a document
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProblemDetails(
        String type,
        String title,
        int status,
        String detail,
        String instance,
        String code,
        String next,
        String incident,
        List<Problem> problems) {

    /** The media type of an error (RFC 9457, section 6.1). */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final String TYPE_PREFIX = "urn:understudy:error:";

    /** An error of kind {@code code}. */
    public static ProblemDetails of(ErrorCode code, String detail, String next, String instance) {
        return new ProblemDetails(
                TYPE_PREFIX + code.name(),
                code.title(),
                code.status(),
                detail,
                instance,
                code.name(),
                next,
                null,
                null);
    }

    /** Returns the same error with the number under which the log tells more. */
    public ProblemDetails withIncident(String id) {
        return new ProblemDetails(type, title, status, detail, instance, code, next, id, problems);
    }

    /** Returns the same error with what is wrong, field by field. */
    public ProblemDetails withProblems(List<Problem> list) {
        return new ProblemDetails(
                type, title, status, detail, instance, code, next, incident, List.copyOf(list));
    }
}
