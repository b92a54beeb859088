package io.understudy.ejb.control;

/**
 * The end of a service's log on this node, or what was added to it.
 *
 * @param instance whose service
 * @param service its name
 * @param node whose log: each node has its own
 * @param text whole lines, at most 64 KiB; empty if there is nothing
 * @param next from where to read on
 */
public record ServiceLogView(
        String instance, String service, String node, String text, long next) {}
