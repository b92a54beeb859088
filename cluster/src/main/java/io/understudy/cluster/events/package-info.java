/** The replicated event log: every event once, in one order, on every member. */
package io.understudy.cluster.events;
