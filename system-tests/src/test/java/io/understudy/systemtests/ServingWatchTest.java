package io.understudy.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.systemtests.ServingWatch.Observation;
import io.understudy.systemtests.ServingWatch.Question;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What watches the clusters must itself be able to find something. */
class ServingWatchTest {

    private static Observation seen(String node, int session, long began, boolean serving) {
        return new Observation(node, Question.DATABASE, session, began, began + 5, serving);
    }

    @Test
    void aYesBetweenTwoOfTheOtherIsTwoServingAtOnce() {
        List<Observation> alpha = List.of(seen("alpha", 1, 0, true), seen("alpha", 1, 100, true));
        assertEquals(1, ServingWatch.between(alpha, List.of(seen("beta", 1, 50, true))).size());
        assertEquals(
                1,
                ServingWatch.between(
                                alpha,
                                List.of(seen("beta", 1, 20, false), seen("beta", 1, 50, true)))
                        .size());
    }

    @Test
    void aHandOverIsNot() {
        List<Observation> alpha = List.of(seen("alpha", 1, 0, true), seen("alpha", 1, 100, false));
        List<Observation> beta = List.of(seen("beta", 1, 50, false), seen("beta", 2, 102, true));
        assertEquals(List.of(), ServingWatch.between(alpha, beta));
        assertEquals(List.of(), ServingWatch.between(beta, alpha));
    }

    @Test
    void anotherSessionMayHaveBeenInterrupted() {
        List<Observation> alpha = List.of(seen("alpha", 1, 0, true), seen("alpha", 2, 100, true));
        assertEquals(List.of(), ServingWatch.between(alpha, List.of(seen("beta", 1, 50, true))));
    }

    @Test
    void aListeningPortIsFound() throws Exception {
        Assumptions.assumeTrue(Host.obstacle().isEmpty(), Host.obstacle());
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.85.254.7"))) {
            assertTrue(
                    Host.listening("127.85.254").contains("127.85.254.7:" + socket.getLocalPort()));
        }
        assertEquals(List.of(), Host.listening("127.85.254"));
    }
}
