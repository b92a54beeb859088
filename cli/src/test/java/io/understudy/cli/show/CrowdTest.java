package io.understudy.cli.show;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.understudy.core.view.ClusterView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CrowdTest {

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();

    private static ClusterView.Instance instance(
            String name, String active, boolean promotable, String condition) throws Exception {
        String text =
                """
                {"name": "%s", "home": "alpha", "backup": "beta", "active": %s,
                 "promotable": %s, "promotableReasons": [], "addresses": [], "databases": [],
                 "services": [{"name": "s", "node": "alpha", "critical": true, "condition": "%s"}]}
                """
                        .formatted(
                                name,
                                active == null ? "null" : '"' + active + '"',
                                promotable,
                                condition);
        return JSON.readValue(text, ClusterView.Instance.class);
    }

    private static List<String> names(Crowd crowd) {
        return crowd.shown().stream().map(ClusterView.Instance::name).toList();
    }

    @Test
    void aFewAreAllShown() throws Exception {
        List<ClusterView.Instance> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            all.add(instance("i" + i, "alpha", true, "RUNNING"));
        }
        Crowd crowd = Crowd.of(all);
        assertEquals(6, crowd.shown().size());
        assertEquals(Map.of(), crowd.others());
    }

    @Test
    void ofManyThoseThatAreNotWellAreShownAndTheOthersCounted() throws Exception {
        List<ClusterView.Instance> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(instance("well" + i, i < 60 ? "alpha" : "beta", true, "RUNNING"));
        }
        all.add(instance("nobody", null, true, "STOPPED"));
        all.add(instance("alone", "alpha", false, "RUNNING"));
        all.add(instance("down", "alpha", true, "DOWN"));
        Crowd crowd = Crowd.of(all);
        assertEquals(List.of("nobody", "alone", "down"), names(crowd));
        assertEquals(Map.of("alpha", 60, "beta", 40), crowd.others());
        assertEquals(0, crowd.left());
    }

    @Test
    void ofManyThatAreNotWellTheFirstAreShown() throws Exception {
        List<ClusterView.Instance> all = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            all.add(instance("i" + i, null, false, "STOPPED"));
        }
        Crowd crowd = Crowd.of(all);
        assertEquals(10, crowd.shown().size());
        assertEquals(20, crowd.left());
    }
}
