package io.understudy.web.instance;

import io.understudy.core.instance.InstanceName;
import io.understudy.ejb.control.ErrorCode;
import io.understudy.ejb.control.NodeControl;
import io.understudy.ejb.control.RefusedException;
import io.understudy.ejb.control.ServiceCommand;
import io.understudy.ejb.control.ServiceLogView;
import io.understudy.web.node.NodeSource;
import io.understudy.web.problem.Malformed;
import io.understudy.web.security.OperatorsOnly;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** A single service of an instance on this node. */
@Path("instances/{name}/services/{service}")
@RequestScoped
public class ServiceResource {

    private static final int MOST_LINES = 1000;

    @Inject private NodeSource source;

    /**
     * What was begun.
     *
     * @param service on which
     * @param action start or stop
     */
    public record Begun(String service, String action) {}

    /** Begins to start it; its condition in the cluster's state tells how it gets on. */
    @POST
    @Path("start")
    @Produces(MediaType.APPLICATION_JSON)
    @OperatorsOnly
    @Operation(summary = "Start a service by hand on the node that serves its instance")
    @APIResponse(responseCode = "202", description = "Begun")
    @APIResponse(responseCode = "409", description = "This node does not serve the instance")
    public Response start(
            @PathParam("name") String name,
            @PathParam("service") String service,
            @Context SecurityContext caller)
            throws RefusedException {
        return act(name, service, true, false, caller);
    }

    /** Begins to stop it; it stays stopped until it is started by hand or its instance anew. */
    @POST
    @Path("stop")
    @Produces(MediaType.APPLICATION_JSON)
    @OperatorsOnly
    @Operation(summary = "Stop a service by hand; wanted downtime unless configured otherwise")
    @APIResponse(responseCode = "202", description = "Begun")
    @APIResponse(
            responseCode = "409",
            description = "Not served here, or it would move the instance and confirm is not set")
    public Response stop(
            @PathParam("name") String name,
            @PathParam("service") String service,
            @QueryParam("confirm") @DefaultValue("false") boolean confirm,
            @Context SecurityContext caller)
            throws RefusedException {
        return act(name, service, false, confirm, caller);
    }

    private Response act(
            String name, String service, boolean start, boolean confirm, SecurityContext caller)
            throws RefusedException {
        NodeControl node = source.node();
        node.service(
                new ServiceCommand(
                        instance(node, name),
                        service,
                        start,
                        confirm,
                        caller.getUserPrincipal().getName()));
        return Response.accepted(new Begun(service, start ? "start" : "stop")).build();
    }

    /** Answers with the end of its log on this node, or with what came after an offset. */
    @GET
    @Path("log")
    @Produces(MediaType.APPLICATION_JSON)
    @OperatorsOnly
    @Operation(
            summary = "The end of a service's log on this node, at most 64 KiB",
            description = "With 'from' what was added since: the 'next' of the answer before.")
    @APIResponse(responseCode = "200", description = "Whole lines, and where to read on")
    public ServiceLogView log(
            @PathParam("name") String name,
            @PathParam("service") String service,
            @QueryParam("lines") @DefaultValue("50") int lines,
            @QueryParam("from") @DefaultValue("-1") long from)
            throws RefusedException {
        if (lines < 1 || lines > MOST_LINES) {
            throw Malformed.because("'lines' is " + lines + ", not from 1 to " + MOST_LINES + ".");
        }
        NodeControl node = source.node();
        return node.serviceLog(instance(node, name), service, lines, from);
    }

    private static InstanceName instance(NodeControl node, String name) throws RefusedException {
        if (InstanceName.isValid(name) && node.knows(InstanceName.of(name))) {
            return InstanceName.of(name);
        }
        throw new RefusedException(
                ErrorCode.UNKNOWN_INSTANCE, "There is no instance '" + name + "'.");
    }
}
