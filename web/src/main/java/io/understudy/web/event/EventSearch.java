package io.understudy.web.event;

import io.understudy.core.view.EventView;
import io.understudy.ejb.control.NodeControl;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Looks through the event log, a page at a time, so that memory stays bounded. */
final class EventSearch {

    private static final int PAGE = 1000;

    private EventSearch() {}

    /** Returns the first events after {@code after} that pass, at most {@code most}, in order. */
    static List<EventView> first(NodeControl node, EventFilter filter, long after, int most) {
        List<EventView> found = new ArrayList<>();
        long from = after;
        List<EventView> page = node.events(from, PAGE);
        while (!page.isEmpty() && found.size() < most) {
            page.stream()
                    .filter(filter::passes)
                    .limit(most - found.size())
                    .forEachOrdered(found::add);
            from = page.get(page.size() - 1).number();
            page = found.size() < most ? node.events(from, PAGE) : List.of();
        }
        return found;
    }

    /** Returns the newest events that pass, at most {@code most}, in order. */
    static List<EventView> newest(NodeControl node, EventFilter filter, int most) {
        Deque<EventView> found = new ArrayDeque<>();
        List<EventView> page = node.events(0, PAGE);
        while (!page.isEmpty()) {
            for (EventView event : page) {
                if (filter.passes(event)) {
                    found.addLast(event);
                    if (found.size() > most) {
                        found.removeFirst();
                    }
                }
            }
            page = node.events(page.get(page.size() - 1).number(), PAGE);
        }
        return List.copyOf(found);
    }
}
