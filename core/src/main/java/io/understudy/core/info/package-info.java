/** What a node says of itself, in the fields of the health-monitor pairs. */
package io.understudy.core.info;
