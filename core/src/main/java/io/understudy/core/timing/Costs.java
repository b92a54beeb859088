package io.understudy.core.timing;

import java.time.Duration;
import java.util.Objects;

/**
 * What the platform takes for a step that no timer decides: measured, not chosen. docs/timing.md
 * says where each number comes from.
 *
 * @param question asking a peer's host whether the process is gone, with the answer
 * @param kill the guard ends every process of an instance
 * @param storeWrite one compare-and-set of the lease store while it has a leader
 * @param storeGap the lease store's silence when its leader is lost
 * @param storeForms until the lease store answers after all voters were started anew
 * @param ledgerCall one call of the ledger: a majority answers after flushing to disk
 * @param promote the standby database takes writes
 * @param relax replication is made asynchronous, and waiting commits return
 * @param stopServices an orderly stop of the services
 * @param stopDatabase an orderly stop of the database, with the standby caught up
 * @param boot from the start of a node's process until its recovery manager runs
 * @param recovery a database that was killed replays its log
 * @param copy a standby's copy follows again
 */
public record Costs(
        Duration question,
        Duration kill,
        Duration storeWrite,
        Duration storeGap,
        Duration storeForms,
        Duration ledgerCall,
        Duration promote,
        Duration relax,
        Duration stopServices,
        Duration stopDatabase,
        Duration boot,
        Duration recovery,
        Duration copy) {

    /** Medians on a busy machine with two cores, loopback network, SSD. */
    public static final Costs EXPECTED =
            new Costs(
                    Duration.ofMillis(5),
                    Duration.ofMillis(20),
                    Duration.ofMillis(1),
                    Duration.ofMillis(1700),
                    Duration.ofMillis(3000),
                    Duration.ofMillis(15),
                    Duration.ofMillis(150),
                    Duration.ofMillis(100),
                    Duration.ofMillis(100),
                    Duration.ofMillis(200),
                    Duration.ofMillis(9000),
                    Duration.ofMillis(500),
                    Duration.ofMillis(2000));

    /** What is allowed for when a bound is promised. */
    public static final Costs WORST =
            new Costs(
                    Duration.ofMillis(250),
                    Duration.ofMillis(100),
                    Duration.ofMillis(50),
                    Duration.ofMillis(2800),
                    Duration.ofMillis(8000),
                    Duration.ofMillis(200),
                    Duration.ofMillis(1000),
                    Duration.ofMillis(500),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofMillis(20000),
                    Duration.ofMillis(10000),
                    Duration.ofMillis(10000));

    /** Refuses nulls. */
    public Costs {
        Objects.requireNonNull(question, "question");
        Objects.requireNonNull(kill, "kill");
        Objects.requireNonNull(storeWrite, "storeWrite");
        Objects.requireNonNull(storeGap, "storeGap");
        Objects.requireNonNull(storeForms, "storeForms");
        Objects.requireNonNull(ledgerCall, "ledgerCall");
        Objects.requireNonNull(promote, "promote");
        Objects.requireNonNull(relax, "relax");
        Objects.requireNonNull(stopServices, "stopServices");
        Objects.requireNonNull(stopDatabase, "stopDatabase");
        Objects.requireNonNull(boot, "boot");
        Objects.requireNonNull(recovery, "recovery");
        Objects.requireNonNull(copy, "copy");
    }
}
