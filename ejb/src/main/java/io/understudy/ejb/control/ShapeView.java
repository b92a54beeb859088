package io.understudy.ejb.control;

import java.util.List;

/**
 * What came of a change of a group's nodes.
 *
 * @param group the group
 * @param nodes its nodes now, the home node first
 * @param version the configuration in force
 * @param differences what changed, one line each
 */
public record ShapeView(
        String group, List<String> nodes, String version, List<String> differences) {}
