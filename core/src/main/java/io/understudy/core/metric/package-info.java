/** What can be measured of a node: names, units and what they mean, in one table. */
package io.understudy.core.metric;
