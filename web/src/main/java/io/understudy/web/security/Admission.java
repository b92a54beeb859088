package io.understudy.web.security;

import io.understudy.ejb.control.ErrorCode;
import io.understudy.web.problem.ProblemDetails;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Says whether a request carries the token: the same answer for REST and for streams. */
@ApplicationScoped
public class Admission {

    private static final System.Logger LOG = System.getLogger(Admission.class.getName());
    private static final String SCHEME = "bearer ";

    @Inject private AdminToken token;
    @Inject private FailedAttempts failed;

    /** For the container. */
    public Admission() {}

    /** For tests: what the container would inject. */
    public Admission(AdminToken token, FailedAttempts failed) {
        this.token = token;
        this.failed = failed;
    }

    /**
     * Why a request is not let in.
     *
     * @param problem the answer's body
     * @param headers the answer's own headers
     */
    public record Refusal(ProblemDetails problem, Map<String, String> headers) {}

    /**
     * Checks a request; empty: let it in.
     *
     * @param authorization the header, null if there is none
     * @param address where it comes from
     * @param path what it asks for
     */
    public Optional<Refusal> refusal(String authorization, String address, String path) {
        if (authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            return Optional.of(refused(ErrorCode.UNAUTHENTICATED, path, "carries no token"));
        }
        return switch (token.compare(authorization.substring(SCHEME.length()).strip())) {
            case RIGHT -> Optional.empty();
            case WRONG -> Optional.of(wrong(address, path));
            case NO_TOKEN -> Optional.of(refused(ErrorCode.NO_TOKEN, path, "cannot be checked"));
        };
    }

    private Refusal wrong(String address, String path) {
        Duration wait = failed.count(address);
        if (wait.isZero()) {
            LOG.log(System.Logger.Level.WARNING, "Wrong token from " + address + " for " + path);
            return refused(ErrorCode.UNAUTHENTICATED, path, "carries a wrong token");
        }
        Refusal refusal =
                refused(ErrorCode.TOO_MANY_ATTEMPTS, path, "carries yet another wrong token");
        return new Refusal(
                refusal.problem(), Map.of("Retry-After", Long.toString(wait.toSeconds() + 1)));
    }

    private static Refusal refused(ErrorCode code, String path, String what) {
        String detail = "The request to " + path + " " + what + ".";
        Map<String, String> headers =
                code == ErrorCode.UNAUTHENTICATED
                        ? Map.of("WWW-Authenticate", "Bearer realm=\"understudy\"")
                        : Map.of();
        return new Refusal(ProblemDetails.of(code, detail, code.next(), path), headers);
    }
}
