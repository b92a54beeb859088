package io.understudy.web;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;
import org.eclipse.microprofile.openapi.annotations.servers.Server;

/** The REST interface, version 1. Resources and providers are found by their annotations. */
@ApplicationPath("/api/v1")
@OpenAPIDefinition(
        info =
                @Info(
                        title = "Understudy",
                        version = "1",
                        description =
                                "Keeps a service alive on two servers. Errors are RFC 9457 problem"
                                        + " details with a stable 'code' and a 'next' step."),
        servers = @Server(url = "/", description = "The node that is asked"),
        security = @SecurityRequirement(name = Api.TOKEN))
@SecurityScheme(
        securitySchemeName = Api.TOKEN,
        type = SecuritySchemeType.HTTP,
        scheme = "bearer",
        description = "The content of the file 'token' in the node's data directory.")
public class Api extends Application {

    /** The name of the security scheme in the OpenAPI document. */
    public static final String TOKEN = "token";

    /** The one role there is: whoever holds the token. */
    public static final String OPERATOR = "operator";

    /** The header by which a caller may say who it is; noted with its address. */
    public static final String SAID = "X-Operator";

    @Override
    public Map<String, Object> getProperties() {
        return Map.of(
                // Any other name than those of the container's own JSON providers turns them off:
                // which of several answers is a matter of chance, and theirs leave nulls out and
                // let unknown keys pass.
                "jersey.config.jsonFeature", "JsonBody",
                "jersey.config.disableJsonBinding", true,
                // The old description of the interface would be open to everybody.
                "jersey.config.server.wadl.disableWadl", true,
                // A status without a body must not be replaced by the container's error page.
                "jersey.config.server.response.setStatusOverSendError", true);
    }
}
