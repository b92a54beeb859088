/**
 * This node's line to its guard, the launcher process that kills children when the lease or the
 * node's process ends.
 */
package io.understudy.ejb.guard;
