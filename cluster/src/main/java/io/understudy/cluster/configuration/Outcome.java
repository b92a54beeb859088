package io.understudy.cluster.configuration;

import java.util.Optional;

/**
 * What came of a proposal.
 *
 * @param accepted whether the proposal is the configuration now
 * @param current the configuration after the proposal: the proposal itself, or the one that was in
 *     its way, with who made it and when; empty if there is none
 */
public record Outcome(boolean accepted, Optional<Document> current) {}
