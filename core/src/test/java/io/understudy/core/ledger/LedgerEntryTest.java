package io.understudy.core.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.node.NodeName;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedgerEntryTest {

    private static final NodeName ALPHA = NodeName.of("alpha");

    @ParameterizedTest
    @CsvSource({
        // in sync, a database, alpha may serve
        "alpha beta, true, true",
        "alpha beta, false, true",
        "alpha, true, true",
        "alpha, false, true",
        "beta, true, false",
        "beta, false, false",
        "beta gamma, true, false",
        "beta gamma, false, true",
    })
    void saysWhoMayServe(String inSync, boolean data, boolean may) {
        Set<NodeName> nodes =
                Arrays.stream(inSync.split(" ")).map(NodeName::of).collect(Collectors.toSet());
        LedgerEntry entry =
                new LedgerEntry(
                        InstanceName.of("nms"),
                        new Epoch(2),
                        0,
                        NodeName.of("beta"),
                        nodes,
                        NodeName.of("beta"),
                        Reason.NORMAL,
                        false,
                        Set.of());
        assertEquals(may, entry.mayServe(ALPHA, data));
    }
}
