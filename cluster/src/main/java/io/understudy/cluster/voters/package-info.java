/** Who votes in the consensus store, and that their number is kept up. */
package io.understudy.cluster.voters;
