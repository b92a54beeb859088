package io.understudy.core.view;

import java.util.Collection;

/** What the loss of one more member would do; one rule for all who say it. */
public final class Redundancy {

    /** How many members vote in every cluster, however many it has. */
    public static final int VOTERS = 3;

    private Redundancy() {}

    /**
     * Returns whether a majority of the voters is left when {@code lost} is gone.
     *
     * @param voting names of the members that vote now, at most {@link #VOTERS}
     * @param lost any member; one that does not vote takes nothing away
     */
    public static boolean survives(Collection<String> voting, String lost) {
        return voting.stream().filter(name -> !name.equals(lost)).count() * 2 > VOTERS;
    }
}
