/**
 * What each member tells the others of itself: an opaque JSON text that travels when it changes.
 */
package io.understudy.cluster.report;
