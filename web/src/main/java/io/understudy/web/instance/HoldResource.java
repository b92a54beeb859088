package io.understudy.web.instance;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.time.DurationText;
import io.understudy.ejb.control.ErrorCode;
import io.understudy.ejb.control.HoldCommand;
import io.understudy.ejb.control.NodeControl;
import io.understudy.ejb.control.RefusedException;
import io.understudy.web.node.NodeSource;
import io.understudy.web.problem.Malformed;
import io.understudy.web.security.OperatorsOnly;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** Maintenance of an instance: while it is held, nothing is done to it by itself. */
@Path("instances/{name}/hold")
@RequestScoped
public class HoldResource {

    @Inject private NodeSource source;

    /** Holds the instance; answers when a majority keeps it. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @OperatorsOnly
    @Operation(
            summary = "Hold it for maintenance: nothing is moved, started, mended by itself",
            description = "It ends by itself at its time; a reminder comes before.")
    @APIResponse(responseCode = "200", description = "Held; both nodes know, across restarts")
    @APIResponse(responseCode = "409", description = "Somebody holds it already; says who and why")
    public HoldView hold(
            @PathParam("name") String name, HoldRequest body, @Context SecurityContext caller)
            throws RefusedException {
        NodeControl node = source.node();
        if (body == null) {
            throw Malformed.because("A hold needs its end ('for' or 'until') and a 'reason'.");
        }
        return HoldView.of(
                node.hold(
                        new HoldCommand(
                                instance(node, name),
                                caller.getUserPrincipal().getName(),
                                body.reason() == null ? "" : body.reason(),
                                lasts(body),
                                until(body),
                                Boolean.TRUE.equals(body.replace()))));
    }

    /** Releases the instance; answers when a majority knows. */
    @DELETE
    @Produces(MediaType.APPLICATION_JSON)
    @OperatorsOnly
    @Operation(summary = "Release it: it is looked after again")
    @APIResponse(responseCode = "200", description = "Released; the hold that ended")
    @APIResponse(responseCode = "409", description = "It is not held")
    public HoldView release(@PathParam("name") String name, @Context SecurityContext caller)
            throws RefusedException {
        NodeControl node = source.node();
        return HoldView.of(node.release(instance(node, name), caller.getUserPrincipal().getName()));
    }

    private static Optional<Duration> lasts(HoldRequest body) throws RefusedException {
        if ((body.lasts() == null) == (body.until() == null)) {
            throw Malformed.because("Say either 'for' or 'until' of a hold, and not both.");
        }
        if (body.lasts() == null) {
            return Optional.empty();
        }
        Optional<Duration> lasts = DurationText.parse(body.lasts());
        if (lasts.isEmpty()) {
            throw Malformed.because(
                    "'for' is '" + body.lasts() + "': write " + DurationText.FORM + ".");
        }
        return lasts;
    }

    private static Optional<Instant> until(HoldRequest body) throws RefusedException {
        if (body.until() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(body.until()).toInstant());
        } catch (DateTimeParseException e) {
            throw Malformed.because(
                    "'until' is '"
                            + body.until()
                            + "': write a time with offset like 2026-01-02T15:30:00+01:00.");
        }
    }

    private static InstanceName instance(NodeControl node, String name) throws RefusedException {
        if (InstanceName.isValid(name) && node.knows(InstanceName.of(name))) {
            return InstanceName.of(name);
        }
        throw new RefusedException(
                ErrorCode.UNKNOWN_INSTANCE, "There is no instance '" + name + "'.");
    }
}
