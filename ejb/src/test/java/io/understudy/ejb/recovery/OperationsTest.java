package io.understudy.ejb.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.recovery.Effect;
import io.understudy.core.recovery.Refusal;
import io.understudy.core.view.OperationView;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OperationsTest {

    private long now;
    private final Operations operations = new Operations(() -> now);

    private OperationView refused(String id) {
        operations.conclude(new Effect.Conclude(id, Optional.of(Refusal.BUSY)));
        return operations.view(id).orElseThrow();
    }

    @Test
    void theSecondOperatorIsToldWhoTheFirstIs() {
        operations.begin("SWITCHOVER", "nms", "ann from 10.0.0.5");
        now = TimeUnit.SECONDS.toNanos(3);
        OperationView second = refused(operations.begin("FAILOVER", "nms", "bob from 10.0.0.6"));
        assertEquals("REFUSED", second.state());
        assertEquals("OPERATION_UNDER_WAY", second.code());
        assertTrue(
                second.message()
                        .endsWith("It is the switchover that ann from 10.0.0.5 asked for 3 s ago."),
                second.message());
    }

    @Test
    void whatTheNodeDoesByItselfAndWhatConcernsAnotherInstanceNameNobody() {
        operations.begin("SWITCHOVER", "other", "ann");
        OperationView view = refused(operations.begin("FAILOVER", "nms", "bob"));
        assertTrue(view.message().contains("Nobody asked for it here"), view.message());
    }
}
