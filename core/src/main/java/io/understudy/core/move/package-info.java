/** How long each part of a failover, a switchover or a fallback took, told from the decisions. */
package io.understudy.core.move;
