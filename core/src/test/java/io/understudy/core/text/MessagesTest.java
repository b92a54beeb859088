package io.understudy.core.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.database.DatabaseRole;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.ledger.Reason;
import io.understudy.core.move.MoveKind;
import io.understudy.core.move.MovePhase;
import io.understudy.core.peer.Contact;
import io.understudy.core.recovery.EventCode;
import io.understudy.core.recovery.Obstacle;
import io.understudy.core.recovery.OperatorAction;
import io.understudy.core.recovery.Refusal;
import io.understudy.core.service.ServiceCondition;
import io.understudy.core.state.NodeState;
import io.understudy.core.state.PairState;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessagesTest {

    private static final Messages ENGLISH = Messages.in(Locale.ENGLISH);

    private static final List<Locale> TRANSLATED =
            List.of(
                    Locale.SIMPLIFIED_CHINESE,
                    Locale.TRADITIONAL_CHINESE,
                    Locale.KOREA,
                    Locale.JAPAN);

    static Stream<Locale> translated() {
        return TRANSLATED.stream();
    }

    @ParameterizedTest
    @MethodSource("translated")
    void everyLanguageHasTheSameKeysAndPlaceholders(Locale locale) {
        Messages messages = Messages.in(locale);
        assertEquals(ENGLISH.keys(), messages.keys());
        for (String key : ENGLISH.keys()) {
            assertEquals(ENGLISH.placeholders(key), messages.placeholders(key), key);
            assertFalse(messages.text(key).isBlank(), key);
        }
    }

    @ParameterizedTest
    @MethodSource("translated")
    void everyTextIsTranslated(Locale locale) {
        Messages messages = Messages.in(locale);
        for (String key : ENGLISH.keys()) {
            assertNotEquals(ENGLISH.text(key), messages.text(key), key);
        }
    }

    @Test
    void everyConstantHasAText() {
        Map<String, Enum<?>[]> kinds =
                Map.of(
                        "state", NodeState.values(),
                        "pair-state", PairState.values(),
                        "reason", Reason.values(),
                        "action", OperatorAction.values(),
                        "event", EventCode.values(),
                        "refusal", Refusal.values(),
                        "obstacle", Obstacle.values(),
                        "condition", ServiceCondition.values(),
                        "role", DatabaseRole.values(),
                        "contact", Contact.values());
        Map<String, Enum<?>[]> ofMoves =
                Map.of("movekind", MoveKind.values(), "movephase", MovePhase.values());
        everyConstantHasAText(kinds);
        everyConstantHasAText(ofMoves);
    }

    private static void everyConstantHasAText(Map<String, Enum<?>[]> kinds) {
        kinds.forEach(
                (kind, constants) -> {
                    for (Enum<?> constant : constants) {
                        assertTrue(ENGLISH.has(kind + "." + constant.name()), constant::name);
                    }
                });
    }

    @Test
    void fillsInValues() {
        assertEquals(
                "Failover of nms begins on alpha: On Admin Request.",
                ENGLISH.event(
                        "FAILOVER_INVOKED",
                        Optional.of(InstanceName.of("nms")),
                        Map.of("node", "alpha", "to", "beta", "reason", "ON_ADMIN_REQUEST")));
        assertEquals(
                "alpha 上的 nms 开始故障转移：应管理员请求。",
                Messages.in(Locale.SIMPLIFIED_CHINESE)
                        .event(
                                "FAILOVER_INVOKED",
                                Optional.of(InstanceName.of("nms")),
                                Map.of("node", "alpha", "reason", "ON_ADMIN_REQUEST")));
    }

    @Test
    void anOperatorsRequestIsToldInWordsAndEndsWhereNothingIsLeftToSay() {
        assertEquals(
                "ann asked for Resync of nms",
                ENGLISH.event(
                        "OPERATOR_REQUEST",
                        Optional.of(InstanceName.of("nms")),
                        Map.of("by", "ann", "operation", "RESYNC", "comment", "")));
        assertEquals(
                "ann asked for stop web of nms: a disk",
                ENGLISH.event(
                        "OPERATOR_REQUEST",
                        Optional.of(InstanceName.of("nms")),
                        Map.of("by", "ann", "operation", "stop web", "comment", "a disk")));
    }

    @Test
    void takesValuesAsTheyAre() {
        assertEquals(
                "Node $1 {node} \\ started, version -.",
                ENGLISH.text("event.NODE_STARTED", Map.of("node", "$1 {node} \\")));
    }

    @Test
    void isNeverSilent() {
        assertEquals("event.NO_SUCH", ENGLISH.text("event.NO_SUCH"));
    }

    @Test
    void doesNotFallBackToTheProcessLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.JAPAN);
            assertEquals("Normal", Messages.in(Locale.FRENCH).text("state.NORMAL"));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void coversTheEventsOfTheShell() {
        for (String code :
                Set.of(
                        "SERVICE_DOWN",
                        "PEER_SILENT",
                        "PEER_GONE",
                        "PEER_HEARD",
                        "DIRECT_LINK_LOST",
                        "DIRECT_LINK_RETURNED",
                        "MAIN_LINK_LOST",
                        "MAIN_LINK_RETURNED",
                        "NOT_REDUNDANT",
                        "REDUNDANT",
                        "CONFIGURATION_CHANGED",
                        "HELD",
                        "MOVED",
                        "MOVE_FAILED",
                        "RELEASED",
                        "MEMBER_ADDRESS_DIFFERS",
                        "MEMBER_VOTERS_DIFFER",
                        "MEMBER_VERSION_REFUSED",
                        "MEMBER_NAME_TAKEN",
                        "MEMBER_DISK_DIFFERS",
                        "NODE_REMOVED",
                        "NODE_ADMITTED",
                        "MEMBER_NAME_CLAIMED",
                        "VERSION_DIFFERS",
                        "STORE_RESET",
                        "VOTER_READMITTED",
                        "COPY_SET_ASIDE",
                        "OPERATOR_REQUEST",
                        "OPERATOR_REFUSED",
                        "NODE_STARTED",
                        "NODE_STOPPED",
                        "GUARD_LOST")) {
            assertTrue(ENGLISH.has("event." + code), code);
        }
    }
}
