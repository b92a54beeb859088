package io.understudy.core.ledger;

import java.util.List;

class InMemoryLedgerTest extends LedgerContract {

    private final InMemoryLedger ledger = new InMemoryLedger(3);
    private final List<Ledger> lives = List.of(ledger.newLife(), ledger.newLife());

    @Override
    protected Ledger ledger(int index) {
        return lives.get(index);
    }

    @Override
    protected void switchVoter(int index, boolean on) {
        ledger.switchVoter(index, on);
    }
}
