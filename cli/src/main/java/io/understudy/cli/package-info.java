/**
 * The {@code understudy} command: speaks to a node as its users do, by REST, and launches nodes,
 * witnesses and the demo.
 */
package io.understudy.cli;
