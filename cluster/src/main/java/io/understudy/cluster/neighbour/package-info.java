/** Who answers for an address on the wire, as a member sees it from its own host. */
package io.understudy.cluster.neighbour;
