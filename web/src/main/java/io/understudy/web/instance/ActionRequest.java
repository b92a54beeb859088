package io.understudy.web.instance;

/**
 * The body of an action; all of it may be left out.
 *
 * @param acceptLoss true: the operator accepts that acknowledged writes may be lost; null: false
 * @param comment why, for the event log; null: nothing
 */
public record ActionRequest(Boolean acceptLoss, String comment) {

    /** The longest comment that the event log takes, in characters. */
    public static final int MOST_COMMENT = 500;
}
