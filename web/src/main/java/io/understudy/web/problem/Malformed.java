package io.understudy.web.problem;

import io.understudy.ejb.control.ErrorCode;
import io.understudy.ejb.control.RefusedException;

/** Reads parameters strictly: what is out of range is refused, not bent. */
public final class Malformed {

    private Malformed() {}

    /** Returns the refusal of a request that cannot be read. */
    public static RefusedException because(String message) {
        return new RefusedException(ErrorCode.MALFORMED_REQUEST, message);
    }

    /**
     * Reads a whole number.
     *
     * @param text as given, null if it was not
     * @param absent what to return then
     */
    public static long number(String name, String text, long least, long most, long absent)
            throws RefusedException {
        if (text == null) {
            return absent;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            throw outside(name, text, least, most);
        }
        throw outside(name, text, least, most);
    }

    /**
     * Reads true or false.
     *
     * @param text as given, null if it was not, and then it is false
     */
    public static boolean flag(String name, String text) throws RefusedException {
        if (text == null || text.equals("false")) {
            return false;
        }
        if (text.equals("true")) {
            return true;
        }
        throw because("The parameter '" + name + "' is '" + text + "': write true or false.");
    }

    private static RefusedException outside(String name, String text, long least, long most) {
        String range =
                most == Long.MAX_VALUE ? least + " or more" : "from " + least + " to " + most;
        return because(
                "The parameter '"
                        + name
                        + "' is '"
                        + text
                        + "': write a whole number "
                        + range
                        + ".");
    }
}
