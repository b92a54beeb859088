package io.understudy.web.problem;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.understudy.ejb.control.ErrorCode;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Answers errors that arise outside REST (an unknown file, a request that the container refuses)
 * with the same problem details, in place of the container's own page with its version.
 */
@WebServlet(name = "errors", urlPatterns = "/error", asyncSupported = true)
public class ErrorPage extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        Object path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        ErrorCode code = codeOf(status instanceof Integer number ? number : 404);
        String asked = path instanceof String text ? text : request.getRequestURI();
        ProblemDetails problem =
                ProblemDetails.of(code, code.title() + ": " + asked + ".", code.next(), asked);
        response.setStatus(code.status());
        response.setContentType(ProblemDetails.MEDIA_TYPE);
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.getOutputStream().write(MAPPER.writeValueAsBytes(problem));
    }

    private static ErrorCode codeOf(int status) {
        return switch (status) {
            case 404 -> ErrorCode.NOT_FOUND;
            case 405, 501 -> ErrorCode.METHOD_NOT_ALLOWED;
            // Payara refuses everything while it loads the application; who may do what is
            // answered by the resources themselves, not here.
            case 403, 503 -> ErrorCode.NOT_READY;
            default -> status < 500 ? ErrorCode.MALFORMED_REQUEST : ErrorCode.INTERNAL_ERROR;
        };
    }
}
