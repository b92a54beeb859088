package io.understudy.core.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.explain.Causes;
import io.understudy.core.recovery.OperatorAction;
import io.understudy.core.text.Messages;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GravityTest {

    @Test
    void everyAdviceOfTheTableIsWeighedOnce() {
        List<String> advice =
                PairTable.rows().stream()
                        .map(row -> row.advice().replace("advice.", ""))
                        .distinct()
                        .sorted()
                        .toList();
        List<String> weighed = Gravity.weighed();
        assertTrue(weighed.containsAll(advice), () -> "weigh, too: " + advice);
        assertEquals(weighed.size(), Set.copyOf(weighed).size(), "each once");
        Messages english = Messages.in(Locale.ENGLISH);
        weighed.forEach(name -> assertTrue(english.has("advice." + name), name));
    }

    @Test
    void whatNobodyHasWeighedIsTheGravest() {
        assertEquals(Gravity.ALARM, Gravity.ofAdvice("no-such"));
        assertEquals(Gravity.GOOD, Gravity.ofAdvice("advice.normal"));
        assertEquals(Gravity.BUSY, Gravity.ofAdvice("starting"));
    }

    @ParameterizedTest
    @CsvSource({
        // what is offered, served, automatic, the remedy
        "SWITCHOVER:yes-switchover FAILOVER:yes-failover, true, true, ''",
        "SWITCHOVER:yes-switchover FALLBACK:yes-fallback, true, true, FALLBACK",
        "FALLBACK:yes-fallback RECOVER:yes-recover, false, true, RECOVER",
        "FAILOVER:yes-failover, false, false, FAILOVER",
        "FAILOVER:yes-failover, false, true, ''",
        "FAILOVER:yes-failover-accept-loss, false, false, ''",
        "FAILOVER:no-already-there FALLBACK:no-not-in-sync, true, true, ''",
    })
    void theRemedyIsWhatMendsAndCostsNothing(
            String offers, boolean served, boolean automatic, String remedy) {
        List<Buttons.Offer> all =
                List.of(offers.split(" ")).stream()
                        .map(o -> o.split(":"))
                        .map(
                                o ->
                                        new Buttons.Offer(
                                                OperatorAction.valueOf(o[0]),
                                                o[1].startsWith("yes"),
                                                o[1]))
                        .toList();
        assertEquals(
                Optional.of(remedy).filter(r -> !r.isEmpty()),
                Buttons.remedy(all, served, automatic).map(Enum::name));
    }

    @Test
    void causesComeBeforeWhatFollows() {
        assertEquals(
                List.of("PARKED", "PEER_NOT_HEARD", "NOT_IN_SYNC", "NOT_REDUNDANT"),
                Causes.first(
                        List.of(
                                "NOT_REDUNDANT",
                                "PEER_NOT_HEARD",
                                "NOT_IN_SYNC",
                                "PARKED",
                                "NOT_IN_SYNC")));
    }
}
