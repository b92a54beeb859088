/** Holds of instances, the same on every member. */
package io.understudy.cluster.hold;
