package io.understudy.web.store;

import io.understudy.ejb.control.RefusedException;
import io.understudy.web.node.NodeSource;
import io.understudy.web.security.OperatorsOnly;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** The lease store that the members keep together. */
@Path("store")
@RequestScoped
public class StoreResource {

    @Inject private NodeSource source;

    /** Resets the lease store; answers when the members have met again. */
    @POST
    @Path("reset")
    @Produces(MediaType.APPLICATION_JSON)
    @OperatorsOnly
    @Operation(
            summary = "Reset the lease store after its majority was lost",
            description =
                    "All leases are forgotten: what is served stops and begins anew. Epochs are"
                            + " not. Answers when the members have met again, within 12 s. After"
                            + " the loss of two of three processes the members do this by"
                            + " themselves.")
    @APIResponse(responseCode = "200", description = "Reset")
    @APIResponse(responseCode = "409", description = "A member is missing, or the store works")
    public Done reset(@Context SecurityContext caller) throws RefusedException {
        source.node().resetStore(caller.getUserPrincipal().getName());
        return new Done(true);
    }

    /**
     * The answer.
     *
     * @param reset true
     */
    public record Done(boolean reset) {}
}
