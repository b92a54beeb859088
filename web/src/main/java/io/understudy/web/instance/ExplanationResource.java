package io.understudy.web.instance;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.view.DecisionsView;
import io.understudy.core.view.ExplanationView;
import io.understudy.core.view.ExplanationView.NodePart;
import io.understudy.core.view.PromotableView;
import io.understudy.ejb.control.ErrorCode;
import io.understudy.ejb.control.NodeControl;
import io.understudy.ejb.control.RefusedException;
import io.understudy.web.node.NodeSource;
import io.understudy.web.problem.Malformed;
import io.understudy.web.security.OperatorsOnly;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** Why an instance is where it is, who could take it over, and what was decided. */
@Path("instances/{name}")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class ExplanationResource {

    @Inject private NodeSource source;

    /** Answers with what is the matter, since when, why, and what to do; each node by its word. */
    @GET
    @Path("explanation")
    @OperatorsOnly
    @Operation(summary = "Why it is where it is, and what stops what does not happen")
    @APIResponse(responseCode = "200", description = "The explanation")
    public ExplanationView explanation(@PathParam("name") String name) throws RefusedException {
        NodeControl node = source.node();
        return node.explain(instance(node, name));
    }

    /** Answers with whether each node could take over now, and with what outage and loss. */
    @GET
    @Path("promotable")
    @OperatorsOnly
    @Operation(summary = "Whether each node could take over now, with what outage and loss")
    @APIResponse(responseCode = "200", description = "One entry per node of the pair")
    public List<PromotableView> promotable(@PathParam("name") String name) throws RefusedException {
        NodeControl node = source.node();
        return node.explain(instance(node, name)).nodes().stream()
                .map(NodePart::promotable)
                .toList();
    }

    /** Answers with the recorded decisions of both nodes between two times. */
    @GET
    @Path("decisions")
    @OperatorsOnly
    @Operation(
            summary = "Recorded decisions of both nodes, to be replayed",
            description = "from and to are times as in ISO 8601 with an offset or Z.")
    @APIResponse(responseCode = "200", description = "The decisions of each node in their order")
    @APIResponse(responseCode = "400", description = "A time is missing or malformed")
    public DecisionsView decisions(
            @PathParam("name") String name,
            @QueryParam("from") String from,
            @QueryParam("to") String to)
            throws RefusedException {
        NodeControl node = source.node();
        return node.decisions(instance(node, name), time("from", from), time("to", to));
    }

    private static Instant time(String parameter, String text) throws RefusedException {
        try {
            if (text != null) {
                return OffsetDateTime.parse(text).toInstant();
            }
        } catch (DateTimeException e) {
            // Told below, together with what is missing.
        }
        throw Malformed.because("'" + parameter + "' must be a time such as 2026-11-20T09:00:00Z.");
    }

    private static InstanceName instance(NodeControl node, String name) throws RefusedException {
        if (InstanceName.isValid(name) && node.knows(InstanceName.of(name))) {
            return InstanceName.of(name);
        }
        throw new RefusedException(
                ErrorCode.UNKNOWN_INSTANCE, "There is no instance '" + name + "'.");
    }
}
