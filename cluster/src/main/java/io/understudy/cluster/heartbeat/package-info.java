/**
 * Whether the other members live: a light authenticated heartbeat over UDP, and the proof that a
 * silent member's process is gone.
 */
package io.understudy.cluster.heartbeat;
