package io.understudy.cli.show;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.cli.remote.NodeClient;
import io.understudy.cli.text.Messages;
import io.understudy.core.view.ClusterView;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NextStepTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ''         | SWITCHOVER:yes-switchover FAILOVER:yes-failover    | normal  | nothing
                    'FALLBACK' | SWITCHOVER:yes-switchover FALLBACK:yes-fallback    | idle    | Next: understudy fallback nms - The instance goes home, in order and without loss.
                    'RECOVER'  | FALLBACK:yes-fallback RECOVER:yes-recover          | failed  | Next: understudy recover nms - What failed is tried again.
                    'FAILOVER' | FAILOVER:yes-failover                              | normal  | Next: understudy failover nms - The backup takes the instance over.
                    ''         | FAILOVER:no-already-there                          | peer-down | Next: The home node is not seen: repair the network, or start the node, then fall back.
                    """)
    void theRemedyComesFirst(String remedy, String actions, String advice, String next)
            throws IOException {
        StringBuilder offers = new StringBuilder();
        for (String action : actions.split(" ")) {
            String[] parts = action.split(":");
            offers.append(offers.isEmpty() ? "" : ",")
                    .append(
                            "{\"kind\": \"%s\", \"offered\": %s, \"why\": \"%s\"}"
                                    .formatted(parts[0], parts[1].startsWith("yes"), parts[1]));
        }
        String json =
                """
                {"redundant": true, "groups": [{"states": [{"advice": "%s"}],
                 "instances": [{"name": "nms", "active": null, "remedy": %s, "actions": [%s]}]}]}
                """
                        .formatted(
                                advice, remedy.isEmpty() ? "null" : "\"" + remedy + "\"", offers);
        ClusterView view = NodeClient.JSON.readValue(json, ClusterView.class);
        assertEquals(
                next, NextStep.of(view, new Words(Messages.of(Locale.ROOT))).orElse("nothing"));
    }

    @Test
    void whatAnOperatorBeganIsToBeEnded() throws IOException {
        String hold = "\"hold\": {\"by\": \"ann\", \"reason\": \"a disk\", \"leftMillis\": 1000}";
        assertEquals(
                "Next: understudy release nms - when the work is done; until then nobody takes"
                        + " over.",
                next(hold));
        String service =
                """
                "services": [{"name": "web", "node": "%s", "critical": true,
                              "condition": "STOPPED", "problem": %s}]
                """;
        assertEquals(
                "Next: understudy service start nms web - it is stopped by hand.",
                next(service.formatted("alpha", "\"it was stopped by hand\"")));
        assertEquals("nothing", next(service.formatted("alpha", "null")));
        assertEquals("nothing", next(service.formatted("beta", "\"it was stopped by hand\"")));
    }

    @Test
    void withoutAMajorityNothingElseHelps() throws IOException {
        String json =
                """
                {"groups": [{"states": [{"advice": "failover-under-way"}],
                 "instances": [{"name": "nms", "promotableReasons": ["NO_MAJORITY"]}]}]}
                """;
        ClusterView view = NodeClient.JSON.readValue(json, ClusterView.class);
        assertEquals(
                "Next: Bring back a node or the witness, or mend the network between them; nothing"
                        + " is lost by waiting.",
                NextStep.of(view, new Words(Messages.of(Locale.ROOT))).orElse("nothing"));
    }

    private static String next(String part) throws IOException {
        String json =
                """
                {"redundant": true, "groups": [{"states": [{"advice": "normal"}],
                 "instances": [{"name": "nms", "active": "alpha", %s}]}]}
                """
                        .formatted(part);
        ClusterView view = NodeClient.JSON.readValue(json, ClusterView.class);
        return NextStep.of(view, new Words(Messages.of(Locale.ROOT))).orElse("nothing");
    }
}
