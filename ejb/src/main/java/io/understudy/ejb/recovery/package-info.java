/**
 * The shell around the recovery core: facts in, decide, effects out. One thread decides for all
 * instances; nothing it does blocks.
 */
package io.understudy.ejb.recovery;
