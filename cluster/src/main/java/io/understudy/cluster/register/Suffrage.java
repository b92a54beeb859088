package io.understudy.cluster.register;

import java.util.Optional;

/**
 * Whether a member's voters vote at all, one for all its registers. A member whose disk may have
 * forgotten what it promised is barred until it has learned it anew. Safe for several threads.
 */
public final class Suffrage {

    private volatile String why;

    private Suffrage(String why) {
        this.why = why;
    }

    /** Returns one that is granted. */
    public static Suffrage granted() {
        return new Suffrage(null);
    }

    /**
     * Returns one that is barred.
     *
     * @param why a sentence with the next step, for those who ask for a vote
     */
    public static Suffrage barred(String why) {
        return new Suffrage(why);
    }

    /** The voters vote from now on. */
    public void grant() {
        why = null;
    }

    /**
     * The voters do not vote from now on.
     *
     * @param sentence why, and the next step
     */
    public void bar(String sentence) {
        why = sentence;
    }

    /** Returns why they do not vote; empty if they do. */
    public Optional<String> barred() {
        return Optional.ofNullable(why);
    }

    void check() {
        String sentence = why;
        if (sentence != null) {
            throw new NoVoteException(sentence);
        }
    }
}
