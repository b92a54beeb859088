package io.understudy.web.security;

import io.understudy.web.Api;
import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;

/** Whoever sent the token, known by the address it came from. */
final class Operator implements SecurityContext {

    private final String name;

    Operator(String remoteAddress) {
        this.name = Api.OPERATOR + " from " + remoteAddress;
    }

    @Override
    public Principal getUserPrincipal() {
        return () -> name;
    }

    @Override
    public boolean isUserInRole(String role) {
        return Api.OPERATOR.equals(role);
    }

    @Override
    public boolean isSecure() {
        return false;
    }

    @Override
    public String getAuthenticationScheme() {
        return "Bearer";
    }
}
