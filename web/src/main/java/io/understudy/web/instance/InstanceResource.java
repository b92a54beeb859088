package io.understudy.web.instance;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.timing.Timers;
import io.understudy.core.view.OperationView;
import io.understudy.ejb.control.ErrorCode;
import io.understudy.ejb.control.NodeControl;
import io.understudy.ejb.control.OperatorCommand;
import io.understudy.ejb.control.RefusedException;
import io.understudy.web.node.NodeSource;
import io.understudy.web.problem.Malformed;
import io.understudy.web.security.OpenToAll;
import io.understudy.web.security.OperatorsOnly;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirements;

/** What can be done with an instance, and what load balancers ask about it. */
@Path("instances/{name}")
@RequestScoped
public class InstanceResource {

    private static final String ACTIONS =
            Arrays.stream(OperatorCommand.Kind.values())
                    .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", "));

    @Inject private NodeSource source;

    /** Begins an action; the answer's Location tells how it gets on. */
    @POST
    @Path("{action}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @OperatorsOnly
    @Operation(summary = "Begin an action; Location tells how it gets on")
    @APIResponse(
            responseCode = "202",
            description = "Begun",
            content = @Content(schema = @Schema(implementation = OperationView.class)))
    @APIResponse(responseCode = "409", description = "Not possible now; 'code' and 'next' say more")
    public Response act(
            @PathParam("name") String name,
            @Parameter(description = "switchover, failover, fallback, recover or resync")
                    @PathParam("action")
                    String action,
            ActionRequest body,
            @Context SecurityContext caller,
            @Context UriInfo uri)
            throws RefusedException {
        OperatorCommand.Kind kind = kind(action);
        NodeControl node = source.node();
        OperationView operation =
                node.submit(
                        new OperatorCommand(
                                kind,
                                instance(node, name),
                                body != null && Boolean.TRUE.equals(body.acceptLoss()),
                                caller.getUserPrincipal().getName(),
                                comment(body)));
        return Response.accepted(operation)
                .location(uri.getBaseUriBuilder().path("operations").path(operation.id()).build())
                .build();
    }

    /** Lets this node's voter vote again where what it kept was damaged; answers when it does. */
    @POST
    @Path("readmit")
    @Produces(MediaType.APPLICATION_JSON)
    @OperatorsOnly
    @Operation(
            summary = "Let this node vote again after a file of its voter was damaged",
            description = "Needs the answers of all other members; answers within 12 s.")
    @APIResponse(responseCode = "200", description = "It votes again")
    @APIResponse(responseCode = "409", description = "A member is missing, or nothing is damaged")
    public Readmitted readmit(@PathParam("name") String name, @Context SecurityContext caller)
            throws RefusedException {
        NodeControl node = source.node();
        node.readmit(instance(node, name), caller.getUserPrincipal().getName());
        return new Readmitted(name);
    }

    /** Answers 200 on the node that serves the instance, 503 elsewhere; says no more. */
    @GET
    @Path("active")
    @Produces(MediaType.TEXT_PLAIN)
    @OpenToAll
    @SecurityRequirements
    @Operation(summary = "For load balancers: 200 on the node that serves it, 503 elsewhere")
    @APIResponse(responseCode = "200", description = "Serves it")
    @APIResponse(responseCode = "503", description = "Does not")
    public Response active(@PathParam("name") String name) {
        return yesOrNo(name, NodeControl::active);
    }

    /** Answers 200 on the node that stands by for the instance, 503 elsewhere; says no more. */
    @GET
    @Path("standby")
    @Produces(MediaType.TEXT_PLAIN)
    @OpenToAll
    @SecurityRequirements
    @Operation(summary = "For load balancers: 200 on the node that stands by, 503 elsewhere")
    @APIResponse(responseCode = "200", description = "Stands by for it")
    @APIResponse(responseCode = "503", description = "Does not")
    public Response standby(@PathParam("name") String name) {
        return yesOrNo(name, NodeControl::standby);
    }

    /** Says how long clients wait before they log in again; an unknown name gets the default. */
    @GET
    @Path("relogin")
    @Produces(MediaType.APPLICATION_JSON)
    @OpenToAll
    @SecurityRequirements
    @Operation(
            summary = "For clients: how long to wait before logging in again after a failover",
            description = "Wait a random time between the two, so that not all come at once.")
    @APIResponse(responseCode = "200", description = "The limits of the instance's group")
    public Relogin relogin(@PathParam("name") String name) {
        // An unknown name is answered with what is usual: strangers learn no names here.
        Timers timers =
                source.ifPresent()
                        .filter(node -> InstanceName.isValid(name))
                        .flatMap(node -> node.timers(InstanceName.of(name)))
                        .orElse(Timers.FAST);
        return new Relogin(timers.reloginLeast().toMillis(), timers.reloginMost().toMillis());
    }

    /**
     * How long a client waits after a failover before it logs in again: a random time between.
     *
     * @param leastMillis the lower limit
     * @param mostMillis the upper limit
     */
    public record Relogin(long leastMillis, long mostMillis) {}

    /**
     * The answer.
     *
     * @param instance on which this node's voter votes again
     */
    public record Readmitted(String instance) {}

    private Response yesOrNo(String name, BiPredicate<NodeControl, InstanceName> question) {
        // An unknown name answers as an inactive one: strangers learn no names here.
        boolean yes =
                InstanceName.isValid(name)
                        && source.ifPresent()
                                .map(node -> question.test(node, InstanceName.of(name)))
                                .orElse(false);
        return Response.status(yes ? 200 : 503).entity(yes ? "yes\n" : "no\n").build();
    }

    private static OperatorCommand.Kind kind(String action) throws RefusedException {
        Optional<OperatorCommand.Kind> kind =
                Arrays.stream(OperatorCommand.Kind.values())
                        .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(action))
                        .findFirst();
        return kind.orElseThrow(
                () ->
                        new RefusedException(
                                ErrorCode.NOT_FOUND,
                                "There is no action '" + action + "'.",
                                "Use one of " + ACTIONS + "."));
    }

    private static InstanceName instance(NodeControl node, String name) throws RefusedException {
        if (InstanceName.isValid(name) && node.knows(InstanceName.of(name))) {
            return InstanceName.of(name);
        }
        throw new RefusedException(
                ErrorCode.UNKNOWN_INSTANCE, "There is no instance '" + name + "'.");
    }

    private static String comment(ActionRequest body) throws RefusedException {
        if (body == null || body.comment() == null) {
            return "";
        }
        if (body.comment().length() > ActionRequest.MOST_COMMENT) {
            throw Malformed.because(
                    "The comment is longer than " + ActionRequest.MOST_COMMENT + " characters.");
        }
        return body.comment();
    }
}
