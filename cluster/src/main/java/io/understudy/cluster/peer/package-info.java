/**
 * How members speak to one another: authenticated HTTP/1.1 on the peer port, JSON bodies, streams
 * for what is large. Everything here is plain JDK and Jackson, so that the app server, the witness
 * and the guard can use it alike.
 */
package io.understudy.cluster.peer;
