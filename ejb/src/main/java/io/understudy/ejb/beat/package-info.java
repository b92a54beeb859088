/** What is done again and again on this node is done in common beats. */
package io.understudy.ejb.beat;
