package io.understudy.web.security;

import io.understudy.ejb.control.ErrorCode;
import io.understudy.web.problem.ProblemDetails;
import io.understudy.web.problem.ProblemMapper;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Locale;

/**
 * Lets nobody without the token at anything that is not declared open: {@link OpenToAll} on a
 * resource method is the only way past, and whatever else matched (OPTIONS made by the container,
 * for one) needs the token too.
 */
@Provider
@Priority(Priorities.AUTHENTICATION)
public class TokenFilter implements ContainerRequestFilter {

    private static final System.Logger LOG = System.getLogger(TokenFilter.class.getName());
    private static final String SCHEME = "bearer ";

    @Context private ResourceInfo resource;
    @Context private HttpServletRequest servlet;
    @Inject private AdminToken token;
    @Inject private FailedAttempts failed;

    @Override
    public void filter(ContainerRequestContext request) {
        Method method = resource.getResourceMethod();
        if (method != null && method.isAnnotationPresent(OpenToAll.class)) {
            return;
        }
        String path = request.getUriInfo().getRequestUri().getPath();
        String header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            request.abortWith(refusal(ErrorCode.UNAUTHENTICATED, path, "carries no token"));
            return;
        }
        switch (token.compare(header.substring(SCHEME.length()).strip())) {
            case RIGHT -> request.setSecurityContext(new Operator(servlet.getRemoteAddr()));
            case WRONG -> request.abortWith(wrong(path));
            case NO_TOKEN ->
                    request.abortWith(refusal(ErrorCode.NO_TOKEN, path, "cannot be checked"));
        }
    }

    private Response wrong(String path) {
        String address = servlet.getRemoteAddr();
        Duration wait = failed.count(address);
        if (wait.isZero()) {
            LOG.log(System.Logger.Level.WARNING, "Wrong token from " + address + " for " + path);
            return refusal(ErrorCode.UNAUTHENTICATED, path, "carries a wrong token");
        }
        return Response.fromResponse(
                        refusal(
                                ErrorCode.TOO_MANY_ATTEMPTS,
                                path,
                                "carries yet another wrong token"))
                .header(HttpHeaders.RETRY_AFTER, wait.toSeconds() + 1)
                .build();
    }

    private static Response refusal(ErrorCode code, String path, String what) {
        String detail = "The request to " + path + " " + what + ".";
        Response answer =
                ProblemMapper.response(ProblemDetails.of(code, detail, code.next(), path));
        if (code != ErrorCode.UNAUTHENTICATED) {
            return answer;
        }
        return Response.fromResponse(answer)
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"understudy\"")
                .build();
    }
}
