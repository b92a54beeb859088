package io.understudy.web.event;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.understudy.ejb.control.ErrorCode;
import io.understudy.ejb.control.NodeControl;
import io.understudy.ejb.control.RefusedException;
import io.understudy.web.node.NodeSource;
import io.understudy.web.problem.Malformed;
import io.understudy.web.problem.ProblemDetails;
import io.understudy.web.security.Admission;
import io.understudy.web.text.Texts;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Events as they happen, as a stream of server-sent events (HTML standard, section 9.2). A servlet
 * beside the REST resources, because only servlets can write without holding a thread: a reader
 * that does not read costs nothing but its connection. Described in META-INF/openapi.yaml.
 */
@WebServlet(name = "events", urlPatterns = EventStream.PATH, asyncSupported = true)
public class EventStream extends HttpServlet {

    /** The address. */
    public static final String PATH = "/api/v1/events/stream";

    private static final long serialVersionUID = 1L;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Inject private transient NodeSource source;
    @Inject private transient Admission admission;
    @Inject private transient EventStreams streams;

    /** For the container. */
    public EventStream() {}

    /** For tests: what the container would inject. */
    public EventStream(NodeSource source, Admission admission, EventStreams streams) {
        this.source = source;
        this.admission = admission;
        this.streams = streams;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Optional<Admission.Refusal> refusal =
                admission.refusal(
                        request.getHeader("Authorization"),
                        request.getRemoteAddr(),
                        request.getRequestURI());
        if (refusal.isPresent()) {
            refuse(response, refusal.get().problem(), refusal.get().headers());
            return;
        }
        try {
            begin(request, response);
        } catch (RefusedException e) {
            refuse(
                    response,
                    ProblemDetails.of(e.code(), e.getMessage(), e.next(), request.getRequestURI()),
                    Map.of());
        }
    }

    private void begin(HttpServletRequest request, HttpServletResponse response)
            throws RefusedException, IOException {
        NodeControl node = source.node();
        EventFilter filter =
                EventFilter.of(
                        new EventFilter.Asked(
                                request.getParameter("instance"),
                                request.getParameter("node"),
                                request.getParameter("code"),
                                request.getParameter("severity"),
                                request.getParameter("since"),
                                request.getParameter("until"),
                                request.getParameter("text"),
                                Texts.choose(null, request.getHeader("Accept-Language"))));
        // A browser that comes back says where it was; that is newer than what its address says.
        String resumed = request.getHeader("Last-Event-ID");
        String after = resumed == null ? request.getParameter("after") : resumed;
        long from = Malformed.number("after", after, 0, Long.MAX_VALUE, node.lastEvent());
        EventStreams.Place place = streams.place().orElse(null);
        if (place == null) {
            throw new RefusedException(
                    ErrorCode.TOO_MANY_STREAMS,
                    "This node has " + EventStreams.MOST + " event streams open.");
        }
        response.setContentType("text/event-stream");
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.setHeader("Cache-Control", "no-store");
        AsyncContext asynchronous = request.startAsync();
        asynchronous.setTimeout(0);
        place.take(asynchronous, node, filter, from);
    }

    private static void refuse(
            HttpServletResponse response, ProblemDetails problem, Map<String, String> headers)
            throws IOException {
        headers.forEach(response::setHeader);
        response.setStatus(problem.status());
        response.setContentType(ProblemDetails.MEDIA_TYPE);
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.getOutputStream().write(MAPPER.writeValueAsBytes(problem));
    }
}
