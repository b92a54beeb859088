/**
 * Decisions as plain trees of maps, lists, words and numbers, so that any shell can keep them as
 * JSON, and as decisions again, so that they can be taken once more: replayed, explained, tested.
 */
package io.understudy.core.record;
