package io.understudy.web.event;

import io.understudy.core.view.EventView;
import io.understudy.ejb.control.NodeControl;
import io.understudy.ejb.control.RefusedException;
import io.understudy.web.node.NodeSource;
import io.understudy.web.problem.Malformed;
import io.understudy.web.security.OperatorsOnly;
import io.understudy.web.text.Texts;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** What happened. */
@Path("events")
@RequestScoped
public class EventResource {

    private static final int MOST = 1000;
    private static final int USUAL = 100;

    @Inject private NodeSource source;
    @Inject private EventWaiters waiters;

    /** Returns events in the cluster's order, waiting a while for the next one if asked to. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @OperatorsOnly
    @Operation(
            summary = "Events in the cluster's order",
            description = "An array, empty if nothing happened until 'wait' was over.")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema =
                                    @Schema(
                                            type = SchemaType.ARRAY,
                                            implementation = EventView.class)))
    public void events(
            @Parameter(description = "Begin after this number; left out: the newest ones")
                    @QueryParam("after")
                    String after,
            @Parameter(description = "At most so many, 1 to 1000, usually 100") @QueryParam("limit")
                    String limit,
            @Parameter(description = "Wait so many seconds for the next one, 0 to 30, usually 0")
                    @QueryParam("wait")
                    String wait,
            @Parameter(description = "Only about these instances, separated by commas")
                    @QueryParam("instance")
                    String instance,
            @Parameter(description = "Only reported by these nodes") @QueryParam("node")
                    String reporter,
            @Parameter(description = "Only with these codes") @QueryParam("code") String code,
            @Parameter(description = "Only INFO, WARNING or ALARM") @QueryParam("severity")
                    String severity,
            @Parameter(description = "Not before this time, with offset") @QueryParam("since")
                    String since,
            @Parameter(description = "Not after this time, with offset") @QueryParam("until")
                    String until,
            @Parameter(description = "With these words in sentence, code or details")
                    @QueryParam("text")
                    String text,
            @HeaderParam(HttpHeaders.ACCEPT_LANGUAGE) String accepted,
            @Suspended AsyncResponse answer)
            throws RefusedException {
        NodeControl node = source.node();
        int most = (int) Malformed.number("limit", limit, 1, MOST, USUAL);
        long newest = Math.max(0, node.lastEvent() - most);
        long begin = Malformed.number("after", after, 0, Long.MAX_VALUE, newest);
        long seconds = Malformed.number("wait", wait, 0, EventWaiters.LONGEST.toSeconds(), 0);
        EventFilter filter =
                EventFilter.of(
                        new EventFilter.Asked(
                                instance,
                                reporter,
                                code,
                                severity,
                                since,
                                until,
                                text,
                                Texts.choose(null, accepted)));
        if (!filter.all()) {
            if (seconds > 0) {
                throw Malformed.because(
                        "The parameter 'wait' goes with no filter: read events/stream for that.");
            }
            answer.resume(
                    after == null
                            ? EventSearch.newest(node, filter, most)
                            : EventSearch.first(node, filter, begin, most));
            return;
        }
        waiters.answer(answer, node, begin, most, Duration.ofSeconds(seconds));
    }
}
