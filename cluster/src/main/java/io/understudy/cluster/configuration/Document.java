package io.understudy.cluster.configuration;

import io.understudy.core.node.NodeName;

/**
 * A configuration as the cluster agreed on it.
 *
 * @param version which one
 * @param id names the proposal, random
 * @param text the group file's text, YAML
 * @param author who asked for it: an operator's name or a program's
 * @param node the member it was asked of
 * @param time wall time, ISO 8601 with offset, for people
 */
public record Document(
        Version version, String id, String text, String author, NodeName node, String time) {}
