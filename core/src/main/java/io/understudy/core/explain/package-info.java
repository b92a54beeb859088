/**
 * Why something is done or not done, in sentences: pure functions from what nodes know to message
 * keys with values. Obstacles, rules and situations are tables, so that a new one only needs a row
 * and its texts.
 */
package io.understudy.core.explain;
