/**
 * What to decide. Plain Java: no Jakarta EE, no Hazelcast, no thread, no clock, no file, no socket.
 */
package io.understudy.core;
