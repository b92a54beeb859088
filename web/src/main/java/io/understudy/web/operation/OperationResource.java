package io.understudy.web.operation;

import io.understudy.core.view.OperationView;
import io.understudy.ejb.control.ErrorCode;
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
import org.eclipse.microprofile.openapi.annotations.Operation;

/** How operators' requests get on. */
@Path("operations/{id}")
@RequestScoped
public class OperationResource {

    @Inject private NodeSource source;

    /** Returns how an operation gets on. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @OperatorsOnly
    @Operation(summary = "How an operation gets on")
    public OperationView operation(@PathParam("id") String id) throws RefusedException {
        return source.node()
                .operation(id)
                .orElseThrow(
                        () ->
                                new RefusedException(
                                        ErrorCode.UNKNOWN_OPERATION,
                                        "This node knows no operation '" + id + "'."));
    }
}
