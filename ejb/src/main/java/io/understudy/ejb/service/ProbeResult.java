package io.understudy.ejb.service;

/**
 * What a probe found.
 *
 * @param good whether the service works
 * @param problem one sentence if not, else empty
 */
public record ProbeResult(boolean good, String problem) {

    /** The service works. */
    public static final ProbeResult GOOD = new ProbeResult(true, "");

    /** The service does not work, because of {@code problem}. */
    public static ProbeResult bad(String problem) {
        return new ProbeResult(false, problem);
    }
}
