package io.understudy.core.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.recovery.OperatorAction;
import io.understudy.core.text.Messages;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ButtonsTest {

    @ParameterizedTest
    @CsvSource({
        // home, backup, turn, reason, parked, synced, then the buttons offered
        "ACTIVE, STANDBY, home, NORMAL, false, true, SWITCHOVER FAILOVER RESYNC",
        "ACTIVE, STANDBY, home, NORMAL, false, false, RESYNC",
        "ACTIVE, unseen, home, NORMAL, false, false, ''",
        "ACTIVE, STANDBY unable, home, NORMAL, false, true, RESYNC",
        "ACTIVE, STANDBY failed, home, NORMAL, false, true, RECOVER RESYNC",
        "LEAVING, STANDBY, backup, ON_ADMIN_REQUEST, false, true, ''",
        "STANDBY, ACTIVE, backup, ON_ADMIN_REQUEST, false, true, SWITCHOVER FALLBACK RESYNC",
        "STANDBY, ACTIVE, backup, PEER_DOWN, false, true, SWITCHOVER FALLBACK RESYNC",
        "STANDBY, ACTIVE, backup, PEER_DOWN, false, false, RESYNC",
        "STANDBY unable, ACTIVE, backup, CRITICAL_SERVICE_DOWN, false, true, RESYNC",
        "unseen, ACTIVE, backup, PEER_DOWN, false, false, ''",
        "TAKING, LEAVING, home, ON_ADMIN_REQUEST, false, true, ''",
        "FAILED, FAILED, home, UNKNOWN, false, true, FAILOVER RECOVER",
        "unseen, STANDBY, home, NORMAL, false, true, FAILOVER",
        "unseen, STANDBY, home, NORMAL, false, false, FAILOVER",
        "unseen, STANDBY, home, GRACEFUL_SHUTDOWN, true, true, FAILOVER RECOVER",
        "unseen, unseen, home, NORMAL, false, true, ''",
    })
    void offersWhatMakesSense(
            String home,
            String backup,
            String turn,
            String reason,
            boolean parked,
            boolean synced,
            String expected) {
        Map<String, Object> scenario = new HashMap<>();
        scenario.put("home", home);
        scenario.put("backup", backup);
        scenario.put("turn", turn);
        scenario.put("reason", reason);
        scenario.put("parked", parked);
        scenario.put("synced", synced);
        List<Buttons.Offer> offers = Buttons.offers(PairStatesTest.situation(scenario));
        assertEquals(
                expected,
                String.join(
                        " ",
                        offers.stream()
                                .filter(Buttons.Offer::offered)
                                .map(o -> o.action().name())
                                .toList()),
                offers::toString);
    }

    @Test
    void explainsEveryAnswer() {
        Messages english = Messages.in(Locale.ENGLISH);
        PairStatesTest.everySituation(
                s -> {
                    List<Buttons.Offer> offers = Buttons.offers(s);
                    assertEquals(OperatorAction.values().length, offers.size());
                    for (Buttons.Offer offer : offers) {
                        assertTrue(english.has("button." + offer.why()), offer::why);
                    }
                });
    }

    @Test
    void neverOffersFallbackAndFailoverTogether() {
        PairStatesTest.everySituation(
                s -> {
                    List<OperatorAction> offered =
                            Buttons.offers(s).stream()
                                    .filter(Buttons.Offer::offered)
                                    .map(Buttons.Offer::action)
                                    .toList();
                    assertFalse(
                            offered.contains(OperatorAction.FALLBACK)
                                    && offered.contains(OperatorAction.FAILOVER),
                            s::toString);
                });
    }
}
