package io.understudy.web;

import io.understudy.web.security.OperatorsOnly;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Only in tests: shows which JSON provider answers. */
@Path("echo")
@RequestScoped
public class EchoResource {

    /** Something that may be null. */
    public record Echo(String text) {}

    /** Returns a null, which some providers leave out. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @OperatorsOnly
    public Echo nothing() {
        return new Echo(null);
    }

    /** Returns what came. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @OperatorsOnly
    public Echo echo(Echo echo) {
        return echo;
    }
}
