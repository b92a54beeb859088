package io.understudy.core.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.address.WireReport.Rival;
import io.understudy.core.config.VirtualAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RivalryTest {

    private static final VirtualAddress FOUR =
            VirtualAddress.parse("10.77.0.100/24 dev eth0").orElseThrow();
    private static final VirtualAddress SIX =
            VirtualAddress.parse("fd00::100/64 dev bond0.7").orElseThrow();
    private static final long MINUTE = 60_000_000_000L;

    private static Rival claim(String mac, long nanos) {
        return new Rival(FOUR, mac, false, nanos);
    }

    @Test
    void aReportIsReadAsItWasWritten() {
        WireReport report =
                new WireReport(
                        List.of(
                                new Rival(FOUR, "02:00:00:00:00:01", true, -5),
                                new Rival(SIX, "02:00:00:00:00:02", false, 7)),
                        "nf_tables refuses it:\nno");
        assertEquals(report, WireReport.read(report.lines()));
        assertEquals(WireReport.END, report.lines().get(3));
        assertEquals("nf_tables refuses it: no", WireReport.read(report.lines()).ports());
        assertEquals(WireReport.NOTHING, WireReport.read(WireReport.NOTHING.lines()));
    }

    @Test
    void whatANewerGuardSaysIsPassedOver() {
        List<String> lines =
                new ArrayList<>(List.of("weather fine", "rival x", "rival 1 2 3 4 5 6"));
        lines.addAll(new WireReport(List.of(claim("02:00:00:00:00:01", 1)), "").lines());
        assertEquals(1, WireReport.read(lines).rivals().size());
    }

    @Test
    void aRivalIsToldOfOnceAndAgainAfterAWhile() {
        assertTrue(Rivalry.isNews(Optional.empty(), claim("a", 0)));
        Optional<Rivalry> told = Optional.of(new Rivalry("a", 0));
        assertFalse(Rivalry.isNews(told, claim("a", 9 * MINUTE)));
        assertTrue(Rivalry.isNews(told, claim("a", 10 * MINUTE)));
        assertTrue(Rivalry.isNews(told, claim("b", 1)));
    }

    @Test
    void isShownWhileItClaims() {
        assertTrue(Rivalry.isShown(claim("a", 0), 59_000_000_000L));
        assertFalse(Rivalry.isShown(claim("a", 0), MINUTE));
    }
}
