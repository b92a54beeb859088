package io.understudy.web.group;

import io.understudy.core.node.NodeName;
import io.understudy.ejb.control.InvalidConfigurationException;
import io.understudy.ejb.control.RefusedException;
import io.understudy.ejb.control.ShapeView;
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
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** Changes of a group's nodes. */
@Path("groups/{name}")
@RequestScoped
public class GroupResource {

    @Inject private NodeSource source;

    /**
     * What to keep.
     *
     * @param keep the node that keeps the instances; null: the one that serves them
     */
    public record Unpair(String keep) {}

    /**
     * Whom to add.
     *
     * @param node the node that joins
     * @param home whether it becomes the home node; null: no
     */
    public record Pair(String node, Boolean home) {}

    /** Takes a pair apart. */
    @POST
    @Path("unpair")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @OperatorsOnly
    @Operation(
            summary = "Take a pair apart: one node keeps the instances and serves them alone",
            description =
                    "The other node stops its copies and sets them aside. 'keep' names a node that"
                            + " serves all instances of the group; it may be left out.")
    @APIResponse(responseCode = "200", description = "Done")
    @APIResponse(responseCode = "409", description = "Not possible now; 'next' says what to do")
    public ShapeView unpair(
            @PathParam("name") String name, Unpair body, @Context SecurityContext caller)
            throws RefusedException, InvalidConfigurationException {
        Optional<NodeName> keep =
                body == null || body.keep() == null
                        ? Optional.empty()
                        : Optional.of(node("keep", body.keep()));
        return source.node().unpair(name, keep, caller.getUserPrincipal().getName());
    }

    /** Makes what stands alone a pair. */
    @POST
    @Path("pair")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @OperatorsOnly
    @Operation(
            summary = "Give a group that stands alone its other node",
            description = "The second copy is made from then on; /cluster tells how far it is.")
    @APIResponse(responseCode = "200", description = "Done; the copy is being made")
    @APIResponse(responseCode = "409", description = "Not possible now; 'next' says what to do")
    public ShapeView pair(
            @PathParam("name") String name, Pair body, @Context SecurityContext caller)
            throws RefusedException, InvalidConfigurationException {
        if (body == null || body.node() == null) {
            throw Malformed.because("The body lacks 'node': name the node that joins.");
        }
        boolean home = Boolean.TRUE.equals(body.home());
        NodeName joining = node("node", body.node());
        return source.node().pair(name, joining, home, caller.getUserPrincipal().getName());
    }

    private static NodeName node(String key, String name) throws RefusedException {
        if (!NodeName.isValid(name)) {
            throw Malformed.because(
                    "The key '" + key + "' is '" + name + "': use " + NodeName.RULE_TEXT + ".");
        }
        return NodeName.of(name);
    }
}
