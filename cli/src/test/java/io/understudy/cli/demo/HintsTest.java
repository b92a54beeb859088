package io.understudy.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.cli.remote.NodeClient;
import io.understudy.core.view.ClusterView;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class HintsTest {

    @Test
    void namesTheNodeThatServes() throws IOException {
        assertEquals("beta", Hints.active(view("\"beta\"")));
    }

    @Test
    void namesTheHomeNodeWhileNobodyServes() throws IOException {
        assertEquals("alpha", Hints.active(view("null")));
    }

    private static ClusterView view(String active) throws IOException {
        return NodeClient.JSON.readValue(
                "{\"groups\":[{\"instances\":[{\"active\":" + active + "}]}]}", ClusterView.class);
    }
}
