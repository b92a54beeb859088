package io.understudy.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    private static IpAddress ip(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "255.255.255.255",
                "10.77.0.1",
                "::",
                "::1",
                "1::",
                "fd00::1",
                "1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7::",
                "::2:3:4:5:6:7:8",
                "::ffff:10.0.0.1",
                "64:ff9b::192.0.2.33"
            })
    void reads(String text) {
        assertEquals(text, ip(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "1.2.3",
                "1.2.3.4.5",
                "256.1.1.1",
                "01.2.3.4",
                "1..2.3",
                "1.2.3.4/8",
                ":",
                ":1",
                "1:",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "12345::",
                "g::",
                "fe80::1%eth0",
                "10.0.0.1::",
                "::1.2.3",
                "1.2.3.4:1::",
                "..."
            })
    void refuses(String text) {
        assertTrue(IpAddress.parse(text).isEmpty());
    }

    @Test
    void comparesNumbersNotWriting() {
        assertEquals(ip("fd00::1"), ip("FD00:0:0:0:0:0:0:1"));
        assertEquals(ip("::ffff:1.2.3.4"), ip("::ffff:102:304"));
    }

    @Test
    void knowsSubnets() {
        assertTrue(ip("10.77.0.1").sharesPrefix(ip("10.77.0.255"), 24));
        assertFalse(ip("10.77.0.1").sharesPrefix(ip("10.77.1.1"), 24));
        assertTrue(ip("10.77.0.1").sharesPrefix(ip("10.77.1.1"), 23));
        assertFalse(ip("10.77.0.1").sharesPrefix(ip("::ffff:10.77.0.1"), 0));
        assertTrue(ip("10.77.0.0").hostBitsAre(24, false));
        assertTrue(ip("10.77.0.255").hostBitsAre(24, true));
    }
}
