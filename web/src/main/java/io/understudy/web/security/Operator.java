package io.understudy.web.security;

import io.understudy.web.Api;
import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;
import java.util.regex.Pattern;

/** Whoever sent the token, known by the address it came from. */
final class Operator implements SecurityContext {

    private final String name;

    /** What a caller may call itself; it is noted beside the address, not trusted. */
    private static final Pattern SAID = Pattern.compile("[A-Za-z0-9._@-]{1,64}");

    /**
     * @param said how the caller calls itself, may be null
     */
    Operator(String remoteAddress, String said) {
        boolean named = said != null && SAID.matcher(said).matches();
        this.name = (named ? said : Api.OPERATOR) + " from " + remoteAddress;
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
