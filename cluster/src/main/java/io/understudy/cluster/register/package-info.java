/**
 * Small values that a majority of the members agrees on and keeps on disk: voters with promises and
 * tagged values (Lamport, Paxos Made Simple, 2001), and shared values changed by compare-and-set
 * (Rystsov, CASPaxos: Replicated State Machines without logs, 2018). Ledger, configuration and
 * event log stand on it.
 */
package io.understudy.cluster.register;
