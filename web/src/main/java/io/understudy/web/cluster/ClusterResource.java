package io.understudy.web.cluster;

import io.understudy.core.view.ClusterView;
import io.understudy.ejb.control.RefusedException;
import io.understudy.web.node.NodeSource;
import io.understudy.web.security.OperatorsOnly;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The whole state. */
@Path("cluster")
@RequestScoped
public class ClusterResource {

    @Inject private NodeSource source;

    /** Returns the whole state as this node sees it. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @OperatorsOnly
    @Operation(summary = "The whole state as this node sees it")
    public ClusterView cluster() throws RefusedException {
        return source.node().view();
    }
}
