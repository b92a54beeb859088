package io.understudy.core.move;

import java.util.Locale;

/** The parts of a move, in the order in which they mostly end. docs/reference/moves.md has them. */
public enum MovePhase {
    /** From the holder's last sign of life until it is suspected, or proven gone. */
    DETECT(
            "from the old holder's last heartbeat until it is suspected or proven gone; none where"
                    + " it gave the instance away in order"),
    /** Until nothing but the old holder's right to serve stands in the way. */
    DECIDE(
            "until nothing but the old holder's right to serve stands in the way (a majority"
                    + " answers, the copy is in sync, failover is automatic or asked for); in an"
                    + " orderly move, until the old holder begins to stop"),
    /** Until the old holder certainly serves no more, and lease and ledger have consented. */
    FENCE(
            "until the old holder certainly serves no more (it has stopped in order, its lease is"
                    + " over, or its processes are proven gone) and the lease store and the ledger"
                    + " have consented"),
    /** Until the databases here take writes. */
    PROMOTE("until the databases take writes; none without a database"),
    /** Until the virtual addresses are here and announced. */
    ANNOUNCE(
            "until the virtual addresses are here and announced, before the services, which may"
                    + " listen at them; none without addresses"),
    /** Until the critical services have started. */
    START("until every critical service has started and answers"),
    /** Until somebody outside has seen the addresses here. */
    CONFIRMED(
            "until another member has seen the addresses at this host's hardware address; none"
                    + " where nobody looked"),
    /** Until the first good probe, or the first statement that the database carried out. */
    FIRST_SUCCESS(
            "until the first observation after the start that shows every critical service"
                    + " answering its probe and every database carrying out a statement");

    private final String meaning;

    MovePhase(String meaning) {
        this.meaning = meaning;
    }

    /** Returns what it takes in, without full stop. */
    public String meaning() {
        return meaning;
    }

    /** Returns its name as it is written: lower case with dashes. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
