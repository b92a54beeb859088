package io.understudy.cli.address;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.config.IpAddress;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Byte by byte: RFC 826 and 5227 for ARP, RFC 4861 and 4443 for the advertisement. */
class FramesTest {

    private static final byte[] MAC = HexFormat.of().parseHex("02005e102030");
    private static final byte[] V4 = IpAddress.parse("10.77.0.100").orElseThrow().bytes();
    private static final byte[] V6 = IpAddress.parse("fd00::77").orElseThrow().bytes();

    @Test
    void anArpAnnouncementAsksForItsOwnAddress() {
        assertEquals(
                "ffffffffffff"
                        + "02005e102030"
                        + "0806"
                        + "0001"
                        + "0800"
                        + "06"
                        + "04"
                        + "0001"
                        + "02005e102030"
                        + "0a4d0064"
                        + "000000000000"
                        + "0a4d0064",
                HexFormat.of().formatHex(Frames.arpRequest(MAC, V4)));
    }

    @Test
    void anArpAnswerNamesItselfTwice() {
        assertEquals(
                "ffffffffffff"
                        + "02005e102030"
                        + "0806"
                        + "0001"
                        + "0800"
                        + "06"
                        + "04"
                        + "0002"
                        + "02005e102030"
                        + "0a4d0064"
                        + "02005e102030"
                        + "0a4d0064",
                HexFormat.of().formatHex(Frames.arpAnswer(MAC, V4)));
    }

    @Test
    void anAdvertisementOverridesAndItsChecksumIsRight() {
        byte[] frame = Frames.advertisement(MAC, V6);
        assertEquals(14 + 40 + 32, frame.length);
        assertEquals("333300000001", HexFormat.of().formatHex(frame, 0, 6));
        assertEquals(255, frame[21] & 0xFF, "hop limit");
        assertEquals(136, frame[54] & 0xFF, "type");
        assertEquals(0x20, frame[58], "override, not solicited, no router");
        assertArrayEquals(V6, Arrays.copyOfRange(frame, 62, 78));
        assertEquals(0xFFFF, sum(frame), "with its checksum the sum is all ones");
    }

    /** The receiver's check: pseudo-header and message, checksum included. */
    private static int sum(byte[] frame) {
        int sum = frame.length - 54 + 58;
        for (int i = 22; i < frame.length; i += 2) {
            sum += (frame[i] & 0xFF) << 8 | frame[i + 1] & 0xFF;
        }
        while (sum >> 16 != 0) {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }
        return sum;
    }

    @Test
    void aClaimIsReadBackAndAProbeClaimsNothing() {
        byte[] frame = Frames.arpAnswer(MAC, V4);
        Frames.Claim claim = Frames.claim(frame, frame.length).orElseThrow();
        assertArrayEquals(MAC, claim.mac());
        assertArrayEquals(V4, claim.address());
        byte[] probe = Frames.arpRequest(MAC, new byte[4]);
        assertTrue(Frames.claim(probe, probe.length).isEmpty());
        assertTrue(Frames.claim(frame, 30).isEmpty(), "cut short");
        byte[] other = Frames.advertisement(MAC, V6);
        claim = Frames.claim(other, other.length).orElseThrow();
        assertArrayEquals(MAC, claim.mac());
        assertArrayEquals(V6, claim.address());
        other[21] = 64;
        assertTrue(Frames.claim(other, other.length).isEmpty(), "a router forwarded it");
    }

    @Test
    void aProbeAsksAndClaimsNothing() {
        byte[] probe = Frames.arpProbe(MAC, V4);
        assertEquals(
                "0001" + "02005e102030" + "00000000" + "000000000000" + "0a4d0064",
                HexFormat.of().formatHex(probe, 20, 42));
        assertTrue(Frames.claim(probe, probe.length).isEmpty());
        byte[] six = Frames.solicitation(MAC, V6);
        assertEquals("3333ff000077", HexFormat.of().formatHex(six, 0, 6));
        assertEquals("ff0200000000000000000001ff000077", HexFormat.of().formatHex(six, 38, 54));
        assertArrayEquals(new byte[16], Arrays.copyOfRange(six, 22, 38));
        assertEquals(135, six[54] & 0xFF);
        assertArrayEquals(V6, Arrays.copyOfRange(six, 62, 78));
        assertEquals(0xFFFF, sum(six), "with its checksum the sum is all ones");
        assertTrue(Frames.claim(six, six.length).isEmpty());
    }
}
