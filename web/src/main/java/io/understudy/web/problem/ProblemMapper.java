package io.understudy.web.problem;

import io.understudy.ejb.control.ErrorCode;
import io.understudy.ejb.control.InvalidConfigurationException;
import io.understudy.ejb.control.RefusedException;
import jakarta.ejb.EJBException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.UUID;

/**
 * Turns whatever a resource throws into problem details. What nobody expected goes to the log with
 * a number, and only the number goes out.
 */
@Provider
public class ProblemMapper implements ExceptionMapper<Throwable> {

    private static final System.Logger LOG = System.getLogger(ProblemMapper.class.getName());

    @Context private UriInfo uri;

    @Override
    public Response toResponse(Throwable thrown) {
        Throwable cause = unwrapped(thrown);
        if (cause instanceof RefusedException refused) {
            return response(
                    ProblemDetails.of(
                            refused.code(), refused.getMessage(), refused.next(), path()));
        }
        if (cause instanceof InvalidConfigurationException invalid) {
            ErrorCode code = ErrorCode.INVALID_CONFIGURATION;
            return response(
                    ProblemDetails.of(code, invalid.getMessage(), code.next(), path())
                            .withProblems(invalid.problems()));
        }
        if (cause instanceof WebApplicationException web) {
            return ofContainer(web);
        }
        return unexpected(cause);
    }

    /** Returns {@code problem} as an HTTP answer. */
    public static Response response(ProblemDetails problem) {
        return Response.status(problem.status())
                .type(ProblemDetails.MEDIA_TYPE)
                .entity(problem)
                .build();
    }

    /** An EJB container wraps what it does not know. */
    private static Throwable unwrapped(Throwable thrown) {
        Throwable cause = thrown;
        while (cause instanceof EJBException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private Response ofContainer(WebApplicationException thrown) {
        Response given = thrown.getResponse();
        if (given.getStatusInfo().getFamily() == Response.Status.Family.REDIRECTION) {
            return given;
        }
        ErrorCode code = codeOf(given.getStatus());
        if (code == ErrorCode.INTERNAL_ERROR) {
            return unexpected(thrown);
        }
        Response answer =
                response(ProblemDetails.of(code, detailOf(code, thrown), code.next(), path()));
        String allow = given.getHeaderString(HttpHeaders.ALLOW);
        if (allow == null) {
            return answer;
        }
        return Response.fromResponse(answer).header(HttpHeaders.ALLOW, allow).build();
    }

    private static ErrorCode codeOf(int status) {
        return switch (status) {
            case 401 -> ErrorCode.UNAUTHENTICATED;
            case 404 -> ErrorCode.NOT_FOUND;
            case 405 -> ErrorCode.METHOD_NOT_ALLOWED;
            case 406 -> ErrorCode.NOT_ACCEPTABLE;
            case 413 -> ErrorCode.TOO_LARGE;
            case 415 -> ErrorCode.UNSUPPORTED_MEDIA_TYPE;
            case 503 -> ErrorCode.NOT_READY;
            default -> status < 500 ? ErrorCode.MALFORMED_REQUEST : ErrorCode.INTERNAL_ERROR;
        };
    }

    private String detailOf(ErrorCode code, WebApplicationException thrown) {
        if (code == ErrorCode.MALFORMED_REQUEST || code == ErrorCode.TOO_LARGE) {
            return thrown.getMessage();
        }
        return code.title() + ": " + path() + ".";
    }

    private Response unexpected(Throwable thrown) {
        String incident = UUID.randomUUID().toString();
        LOG.log(
                System.Logger.Level.ERROR,
                "Incident " + incident + ": a request to " + path() + " failed unexpectedly.",
                thrown);
        ErrorCode code = ErrorCode.INTERNAL_ERROR;
        String detail =
                "The request failed unexpectedly; the log has it as incident " + incident + ".";
        return response(
                ProblemDetails.of(code, detail, code.next(), path()).withIncident(incident));
    }

    private String path() {
        return uri.getRequestUri().getPath();
    }
}
