/**
 * What a node's state is called, and why, and what to do: derived, never stored, from whose turn it
 * is, who holds the lease, what each node does and how healthy it is. One table serves states,
 * reasons, advice, and the tests.
 */
package io.understudy.core.state;
