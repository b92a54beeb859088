/**
 * What is right about virtual addresses: whether a host can have one, what its keeper tells of it,
 * and what follows from what others on the wire say. Pure.
 */
package io.understudy.core.address;
