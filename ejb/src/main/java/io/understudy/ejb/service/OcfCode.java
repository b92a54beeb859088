package io.understudy.ejb.service;

import io.understudy.ejb.process.CommandResult;
import java.time.Duration;

/** The exit codes of the Open Cluster Framework's resource agents (API 1.1, section 4). */
enum OcfCode {
    SUCCESS(0, "success"),
    GENERIC(1, "an error"),
    ARGUMENTS(2, "an invalid parameter"),
    UNIMPLEMENTED(3, "an action that it does not have"),
    PERMISSION(4, "insufficient rights"),
    NOT_INSTALLED(5, "something that is not installed"),
    NOT_CONFIGURED(6, "a configuration that cannot work"),
    NOT_RUNNING(7, "that it does not run"),
    RUNNING_PROMOTED(8, "that it runs promoted"),
    FAILED_PROMOTED(9, "that it failed promoted");

    private final int status;
    private final String words;

    OcfCode(int status, String words) {
        this.status = status;
        this.words = words;
    }

    /** Returns the words for an exit status. */
    static String say(int status) {
        for (OcfCode code : values()) {
            if (code.status == status) {
                return code.words + " (status " + status + ")";
            }
        }
        return "status " + status;
    }

    /** Returns whether the agent says that it can never work so: nothing of it runs. */
    static boolean refuses(int status) {
        return status >= ARGUMENTS.status && status <= NOT_CONFIGURED.status;
    }

    /** Returns what an agent said to an action, with its own last words. */
    static String said(OcfAgent agent, String action, CommandResult result, Duration limit) {
        String how =
                result.timedOut()
                        ? "did not end within " + limit.toMillis() + " ms"
                        : "answered " + say(result.status());
        String line = result.lastLine();
        return "the "
                + action
                + " of "
                + agent.name()
                + " "
                + how
                + (line.isEmpty() ? "" : ": " + line);
    }

    boolean is(int other) {
        return status == other;
    }
}
