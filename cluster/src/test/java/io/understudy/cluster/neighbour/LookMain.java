package io.understudy.cluster.neighbour;

import io.understudy.core.config.IpAddress;
import java.io.IOException;

/** Looks for the addresses of its arguments, in the namespace where a test starts it. */
final class LookMain {

    private LookMain() {}

    /** Prints what was found, one line each. */
    public static void main(String[] arguments) throws IOException {
        for (String argument : arguments) {
            System.out.println(Neighbours.look(IpAddress.parse(argument).orElseThrow()));
        }
    }
}
