package io.understudy.web.configuration;

import io.understudy.ejb.control.ApplyView;
import io.understudy.ejb.control.ConfigurationView;
import io.understudy.ejb.control.ErrorCode;
import io.understudy.ejb.control.InvalidConfigurationException;
import io.understudy.ejb.control.RefusedException;
import io.understudy.web.node.NodeSource;
import io.understudy.web.problem.Malformed;
import io.understudy.web.security.OperatorsOnly;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** The replicated configuration: the group files in force. */
@Path("configuration")
@RequestScoped
public class ConfigurationResource {

    private static final String YAML = "application/yaml";
    private static final String OLD_YAML = "text/yaml";

    /** JSON, but only for those who ask for it. */
    private static final String SECOND_CHOICE = "application/json;qs=0.5";

    private static final Pattern STRONG_TAG = Pattern.compile("\"([^\"]*)\"");

    @Inject private NodeSource source;

    /** Returns the document in force; its version is the entity tag. */
    @GET
    @Produces({YAML, OLD_YAML})
    @OperatorsOnly
    @Operation(summary = "The group files in force; the version is the entity tag")
    public Response document() throws RefusedException {
        ConfigurationView view = source.node().configuration();
        return Response.ok(view.document()).tag(new EntityTag(view.version())).build();
    }

    /** Returns the version in force together with the document. */
    @GET
    @Produces(SECOND_CHOICE)
    @OperatorsOnly
    @Operation(summary = "The same with its version, as JSON")
    @APIResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = ConfigurationView.class)))
    public Response view() throws RefusedException {
        ConfigurationView view = source.node().configuration();
        return Response.ok(view).tag(new EntityTag(view.version())).build();
    }

    /** Makes the groups as the document says, all or nothing. */
    @PUT
    @Consumes({YAML, OLD_YAML})
    @Produces(MediaType.APPLICATION_JSON)
    @OperatorsOnly
    @Operation(summary = "Make the groups as the document says, all or nothing")
    @APIResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = ApplyView.class)))
    @APIResponse(responseCode = "412", description = "Another version is in force than If-Match")
    @APIResponse(responseCode = "428", description = "If-Match is missing")
    @APIResponse(responseCode = "422", description = "Breaks rules; 'problems' lists them")
    public Response apply(
            String document,
            @Parameter(description = "true: only tell the difference") @QueryParam("dryRun")
                    String dryRun,
            @Parameter(description = "The version that the change is based on")
                    @HeaderParam(HttpHeaders.IF_MATCH)
                    String ifMatch,
            @Context SecurityContext caller)
            throws RefusedException, InvalidConfigurationException {
        boolean only = Malformed.flag("dryRun", dryRun);
        if (ifMatch == null && !only) {
            throw unconditional();
        }
        String by = caller.getUserPrincipal().getName();
        ApplyView view = source.node().apply(document, by, only, expected(ifMatch));
        return Response.ok(view).tag(new EntityTag(view.version())).build();
    }

    private static Optional<String> expected(String ifMatch) throws RefusedException {
        if (ifMatch == null || ifMatch.strip().equals("*")) {
            return Optional.empty();
        }
        Matcher tag = STRONG_TAG.matcher(ifMatch.strip());
        if (tag.matches()) {
            return Optional.of(tag.group(1));
        }
        throw notOneTag(ifMatch);
    }

    /** Of two operators who change the same version one must learn of the other (RFC 6585, 3). */
    private static RefusedException unconditional() {
        return new RefusedException(
                ErrorCode.CONDITION_MISSING,
                "The configuration is changed only on the condition that the version it was made"
                        + " from is still in force; the header If-Match is missing.");
    }

    private static RefusedException notOneTag(String ifMatch) {
        return Malformed.because(
                "The header If-Match is '" + ifMatch + "': write one version in double quotes.");
    }
}
