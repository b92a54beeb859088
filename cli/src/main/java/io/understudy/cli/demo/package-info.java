/** A pair and a witness on one host's loopback, with a small service and something to try. */
package io.understudy.cli.demo;
