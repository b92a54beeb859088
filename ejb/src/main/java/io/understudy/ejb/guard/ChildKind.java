package io.understudy.ejb.guard;

/** With what a child dies. */
public enum ChildKind {
    /** With its instance's lease: whatever serves. */
    LEASED,
    /** With this node's process only: for example a database that follows the other node. */
    BOUND;

    /** Returns the word of the guard's protocol. */
    public String word() {
        return this == LEASED ? "leased" : "bound";
    }
}
