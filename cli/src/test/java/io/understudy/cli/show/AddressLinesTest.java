package io.understudy.cli.show;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.understudy.cli.text.Messages;
import io.understudy.core.view.ClusterView;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class AddressLinesTest {

    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();

    private static String shown(String states) throws Exception {
        ClusterView.Instance instance =
                JSON.readValue(
                        "{\"addresses\": [\"10.77.0.100/24 dev eth0\"], \"addressStates\": "
                                + states
                                + "}",
                        ClusterView.Instance.class);
        return String.join(
                        " ",
                        AddressLines.lines(
                                instance, new Words(Messages.of(Locale.ROOT)), Style.plain()))
                .replaceAll(" +", " ")
                .strip();
    }

    private static String state(String reached, String more) {
        return "[{\"address\": \"10.77.0.100/24 dev eth0\", \"node\": \"alpha\", \"sinceMillis\":"
                + " 12000, \"reached\": \""
                + reached
                + "\""
                + more
                + "}]";
    }

    @Test
    void whereItIsAndWhoReachesIt() throws Exception {
        assertEquals(
                "Address 10.77.0.100/24 dev eth0 on alpha for 12.0 s: reached (beta, 23 ms)",
                shown(
                        state(
                                "CONFIRMED",
                                ", \"by\": \"beta\", \"mac\": \"02:00:00:00:00:01\","
                                        + " \"confirmedAfterMillis\": 23")));
        assertEquals(
                "Address 10.77.0.100/24 dev eth0 on alpha for 12.0 s: found elsewhere (witness,"
                        + " 02:00:00:00:00:02)",
                shown(state("ELSEWHERE", ", \"by\": \"witness\", \"mac\": \"02:00:00:00:00:02\"")));
        assertEquals(
                "Address 10.77.0.100/24 dev eth0 on alpha for 12.0 s: nobody could confirm it"
                        + " (witness: is not in the same subnet)",
                shown(state("UNKNOWN", ", \"problem\": \"witness: is not in the same subnet\"")));
    }

    @Test
    void whereItIsNowhereItIsOnlyNamed() throws Exception {
        assertEquals("Addresses: 10.77.0.100/24 dev eth0", shown("[]"));
        assertEquals("Addresses: 10.77.0.100/24 dev eth0", shown("null"));
    }
}
