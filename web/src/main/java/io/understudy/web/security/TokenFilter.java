package io.understudy.web.security;

import io.understudy.web.Api;
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
import java.util.Optional;

/**
 * Lets nobody without the token at anything that is not declared open: {@link OpenToAll} on a
 * resource method is the only way past, and whatever else matched (OPTIONS made by the container,
 * for one) needs the token too.
 */
@Provider
@Priority(Priorities.AUTHENTICATION)
public class TokenFilter implements ContainerRequestFilter {

    @Context private ResourceInfo resource;
    @Context private HttpServletRequest servlet;
    @Inject private Admission admission;

    @Override
    public void filter(ContainerRequestContext request) {
        Method method = resource.getResourceMethod();
        if (method != null && method.isAnnotationPresent(OpenToAll.class)) {
            return;
        }
        String address = servlet.getRemoteAddr();
        Optional<Admission.Refusal> refusal =
                admission.refusal(
                        request.getHeaderString(HttpHeaders.AUTHORIZATION),
                        address,
                        request.getUriInfo().getRequestUri().getPath());
        if (refusal.isEmpty()) {
            request.setSecurityContext(new Operator(address, request.getHeaderString(Api.SAID)));
            return;
        }
        Response.ResponseBuilder answer =
                Response.fromResponse(ProblemMapper.response(refusal.get().problem()));
        refusal.get().headers().forEach(answer::header);
        request.abortWith(answer.build());
    }
}
