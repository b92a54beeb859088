/**
 * Timers, the bounds between them, and the outages that follow. docs/timing.md explains each number
 * and shows the tables that a test compares with this code.
 */
package io.understudy.core.timing;
