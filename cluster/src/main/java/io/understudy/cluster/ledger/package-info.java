/**
 * The durable memory of who served last and whose copy is whole: voters' files and quorum calls.
 */
package io.understudy.cluster.ledger;
