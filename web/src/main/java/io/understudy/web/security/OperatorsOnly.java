package io.understudy.web.security;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A resource method for those with the token. Of our own, because Payara answers {@code
 * RolesAllowed} and {@code PermitAll} on resources with its own login (400 to any bearer token),
 * and the setting that turns this off is ignored inside an EAR.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface OperatorsOnly {}
