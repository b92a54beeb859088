package io.understudy.core.ledger;

class InMemoryLedgerTest extends LedgerContract {

    private final InMemoryLedger ledger = new InMemoryLedger(3);

    @Override
    protected Ledger ledger(int index) {
        return ledger.of(index == 0 ? ALPHA : BETA);
    }

    @Override
    protected void switchVoter(int index, boolean on) {
        ledger.switchVoter(index, on);
    }
}
