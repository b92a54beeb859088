package io.understudy.web.instance;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.view.MoveView;
import io.understudy.ejb.control.ErrorCode;
import io.understudy.ejb.control.NodeControl;
import io.understudy.ejb.control.RefusedException;
import io.understudy.web.node.NodeSource;
import io.understudy.web.security.OperatorsOnly;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** What an instance's failovers, switchovers and fallbacks took. */
@Path("instances/{name}/moves")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class MoveResource {

    @Inject private NodeSource source;

    /** Answers with the newest moves, the newest first, and what each part of them took. */
    @GET
    @OperatorsOnly
    @Operation(summary = "The newest moves, and what each part of them took")
    @APIResponse(responseCode = "200", description = "At most 32, the newest first")
    public List<MoveView> moves(@PathParam("name") String name) throws RefusedException {
        NodeControl node = source.node();
        if (!InstanceName.isValid(name) || !node.knows(InstanceName.of(name))) {
            throw new RefusedException(
                    ErrorCode.UNKNOWN_INSTANCE, "There is no instance '" + name + "'.");
        }
        return node.moves(InstanceName.of(name));
    }
}
