/** Launches a node or a witness: checks, starts, guards, restarts and stops the server process. */
package io.understudy.cli.node;
