/**
 * A lab of hosts on one host: network namespaces with a switch between them, faults as methods, and
 * what measures from a client's seat. Nothing of it touches this host's own network.
 */
package io.understudy.systemtests.lab;
