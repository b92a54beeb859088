/** The third voter: a small member without an app server. */
package io.understudy.cluster.witness;
