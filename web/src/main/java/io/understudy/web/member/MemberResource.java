package io.understudy.web.member;

import io.understudy.core.node.NodeName;
import io.understudy.ejb.control.InvalidConfigurationException;
import io.understudy.ejb.control.RefusedException;
import io.understudy.ejb.control.RemovalView;
import io.understudy.web.node.NodeSource;
import io.understudy.web.problem.Malformed;
import io.understudy.web.security.OperatorsOnly;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** Who takes part in the cluster. */
@Path("members/{name}")
@RequestScoped
public class MemberResource {

    @Inject private NodeSource source;

    /**
     * How to remove.
     *
     * @param force whether the member will not come back as it is; null: no
     */
    public record Remove(Boolean force) {}

    /** Removes a member that cannot be reached. */
    @POST
    @Path("remove")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @OperatorsOnly
    @Operation(
            summary = "Remove a member that cannot be reached and will not come back",
            description =
                    "Its groups stand alone on the nodes that serve them; it is refused from then"
                            + " on. Needs 'force'; refused while the member is heard.")
    @APIResponse(responseCode = "200", description = "Done")
    @APIResponse(responseCode = "409", description = "Not possible now; 'next' says what to do")
    public RemovalView remove(
            @PathParam("name") String name, Remove body, @Context SecurityContext caller)
            throws RefusedException, InvalidConfigurationException {
        boolean force = body != null && Boolean.TRUE.equals(body.force());
        return source.node().remove(member(name), force, caller.getUserPrincipal().getName());
    }

    /** Admits a removed member. */
    @POST
    @Path("admit")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @OperatorsOnly
    @Operation(summary = "Let a removed member take part again")
    @APIResponse(responseCode = "200", description = "Done; start it")
    @APIResponse(responseCode = "409", description = "It is not removed")
    public RemovalView admit(@PathParam("name") String name, @Context SecurityContext caller)
            throws RefusedException {
        return source.node().admit(member(name), caller.getUserPrincipal().getName());
    }

    private static NodeName member(String name) throws RefusedException {
        if (!NodeName.isValid(name)) {
            throw Malformed.because("'" + name + "' is no name: use " + NodeName.RULE_TEXT + ".");
        }
        return NodeName.of(name);
    }
}
