package io.understudy.web.node;

import io.understudy.core.view.InfoView;
import io.understudy.ejb.control.Readiness;
import io.understudy.ejb.control.RefusedException;
import io.understudy.web.security.OperatorsOnly;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** This node itself. */
@Path("node")
@RequestScoped
public class NodeResource {

    @Inject private NodeSource source;

    /** Returns what /health answers, with the words that are not for everybody. */
    @GET
    @Path("readiness")
    @Produces(MediaType.APPLICATION_JSON)
    @OperatorsOnly
    @Operation(summary = "What /health answers, in words")
    public Readiness readiness() throws RefusedException {
        return source.node().readiness();
    }

    /** Returns high availability in the fields of the health-monitor pairs. */
    @GET
    @Path("ha-info")
    @Produces(MediaType.APPLICATION_JSON)
    @OperatorsOnly
    @Operation(summary = "High availability in the fields of the health-monitor pairs")
    public InfoView haInfo() throws RefusedException {
        return source.node().haInfo();
    }

    /** Returns the server in the fields of the health-monitor pairs. */
    @GET
    @Path("server-info")
    @Produces(MediaType.APPLICATION_JSON)
    @OperatorsOnly
    @Operation(summary = "The server in the fields of the health-monitor pairs")
    public InfoView serverInfo() throws RefusedException {
        return source.node().serverInfo();
    }

    /** Begins an orderly stop. */
    @POST
    @Path("stop")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @OperatorsOnly
    @Operation(
            summary = "Begin an orderly stop of this node",
            description = "Instances served here are parked, or handed over with 'handOver'.")
    @APIResponse(responseCode = "202", description = "Begun")
    public Response stop(StopRequest body, @Context SecurityContext caller)
            throws RefusedException {
        boolean handOver = body != null && Boolean.TRUE.equals(body.handOver());
        source.node().stopNode(handOver, caller.getUserPrincipal().getName());
        return Response.accepted().build();
    }
}
