/** The lease store for members that do not vote: through a voter, over the peer protocol. */
package io.understudy.cluster.relay;
