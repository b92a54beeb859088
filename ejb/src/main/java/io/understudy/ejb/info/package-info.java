/** What this node says of itself, now and from the last saved state. */
package io.understudy.ejb.info;
