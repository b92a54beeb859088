package io.understudy.ejb.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AsidesTest {

    private static Map<InstanceName, Epoch> heard(String hint) {
        return Asides.letGo(hint.getBytes(StandardCharsets.UTF_8));
    }

    private static String renewals(String hint) {
        return Asides.renewals(hint.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsSaidIsUnderstood() {
        assertEquals(
                Map.of(InstanceName.of("nms"), new Epoch(8), InstanceName.of("play"), new Epoch(3)),
                heard("renewals=17 nms:8 play:3 "));
        assertEquals("renewals=17", renewals("renewals=17 nms:8 play:3 "));
        assertEquals(Map.of(), heard(""));
        assertEquals("", renewals(""));
    }

    @Test
    void whatIsNotUnderstoodSpoilsNothing() {
        assertEquals(
                Map.of(InstanceName.of("nms"), new Epoch(8)),
                heard(": play: play:x :4 play:-1 a/b:2 nms:8 what=ever"));
    }
}
