package io.understudy.core.simulation;

import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.recovery.Effect;
import io.understudy.core.recovery.Event;

/** Carries out effects in the simulated world and brings the answers back as events. */
final class Shell {

    private final Simulation sim;

    Shell(Simulation sim) {
        this.sim = sim;
    }

    void carryOut(SimNode node, Effect effect) {
        long born = node.boot;
        if (effect instanceof Effect.ReadLease) {
            sim.store.read(
                    node,
                    r ->
                            node.answer(
                                    born,
                                    r.<Event>map(Event.LeaseRead::new)
                                            .orElse(new Event.LeaseUnknown("no answer"))));
        } else if (effect instanceof Effect.WriteLease w) {
            sim.store.write(
                    node,
                    w.expected(),
                    w.next(),
                    r -> {
                        if (r.filter(applied -> applied).isPresent()) {
                            sim.renewed(node);
                        }
                        node.answer(
                                born,
                                r.<Event>map(Event.LeaseWritten::new)
                                        .orElse(new Event.LeaseUnknown("no answer")));
                    });
        } else if (effect instanceof Effect.ReadLedger) {
            sim.ledger.read(
                    node,
                    r ->
                            node.answer(
                                    born,
                                    r.<Event>map(Event.LedgerRead::new)
                                            .orElse(new Event.LedgerUnknown("no quorum"))));
        } else if (effect instanceof Effect.ClaimLedger c) {
            sim.ledger.claim(
                    node,
                    c.epoch(),
                    r ->
                            node.answer(
                                    born,
                                    r.<Event>map(Event.LedgerClaimed::new)
                                            .orElse(new Event.LedgerUnknown("no quorum"))));
        } else if (effect instanceof Effect.WriteLedger w) {
            writeLedger(node, w.entry(), born);
        } else if (effect instanceof Effect.Guard g) {
            node.guard(g.epoch(), g.validUntil());
        } else if (effect instanceof Effect.Execute e) {
            node.lane.execute(e);
        } else if (effect instanceof Effect.Nudge) {
            sim.nudge(node);
        } else if (effect instanceof Effect.LeadHere) {
            sim.store.leadAt(node);
        } else if (effect instanceof Effect.Tell t) {
            sim.world.tell(node.name + " says " + t.code() + " " + t.details());
        } else if (effect instanceof Effect.Conclude c) {
            sim.checks.concluded(c);
        } else if (effect instanceof Effect.Stopped) {
            sim.world.tell(node.name + " is down on purpose");
            node.kill();
        }
    }

    private void writeLedger(SimNode node, LedgerEntry entry, long born) {
        sim.checks.ledgerAsked(entry);
        sim.shares(node, entry);
        Told told = node.told;
        told.begun(entry);
        sim.ledger.write(
                node,
                entry,
                r -> {
                    r.ifPresent(w -> sim.checks.ledgerWritten(entry, w));
                    r.ifPresent(w -> told.answered(entry, w));
                    node.answer(
                            born,
                            r.<Event>map(w -> new Event.LedgerWritten(entry, w))
                                    .orElse(new Event.LedgerUnknown("no quorum")));
                });
    }
}
