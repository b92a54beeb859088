/** The lease store on Hazelcast's CP subsystem. */
package io.understudy.cluster.lease;
