package io.understudy.cluster.witness;

import io.understudy.core.config.NodeConfiguration;

/**
 * A stand-in as a process: {@code --config FILE} with the node file of the living voter beside it.
 * Prints {@code READY stand-in} and ends by itself when the third voter has its seat. Exit codes as
 * of {@link WitnessMain}.
 */
public final class StandInMain {

    private StandInMain() {}

    /** Runs the stand-in. */
    public static void main(String[] args) {
        NodeConfiguration node = CommandLine.of(args).node();
        StandIn standIn;
        try {
            standIn = StandIn.start(node);
        } catch (RuntimeException e) {
            throw CommandLine.fail("The stand-in cannot start: " + e.getMessage());
        }
        Runtime.getRuntime().addShutdownHook(new Thread(standIn::close, "understudy-stop"));
        System.out.println("READY stand-in");
        try {
            standIn.awaitEnd();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
