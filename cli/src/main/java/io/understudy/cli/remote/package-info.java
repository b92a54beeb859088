/** A node's REST interface, seen from the command line. */
package io.understudy.cli.remote;
