/** A member's whole part in the cluster beside the lease store, put together once for all users. */
package io.understudy.cluster.member;
