package io.understudy.core.view;

import java.util.Map;

/**
 * One line of the replicated event log.
 *
 * @param number its place in the cluster's order, from 1
 * @param time wall time, ISO 8601 with offset
 * @param node who reported it
 * @param instance the instance it is about, or null
 * @param severity INFO, WARNING or ALARM
 * @param code stable code, e.g. FAILOVER_INVOKED; also the message key
 * @param details named values of the message
 * @param message the English sentence
 */
public record EventView(
        long number,
        String time,
        String node,
        String instance,
        String severity,
        String code,
        Map<String, String> details,
        String message) {}
