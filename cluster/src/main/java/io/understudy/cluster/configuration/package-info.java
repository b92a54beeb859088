/**
 * The replicated configuration: one text that every member keeps on its disk, changed by
 * compare-and-set through any of them.
 */
package io.understudy.cluster.configuration;
