package io.understudy.cluster.events;

import io.understudy.cluster.peer.PeerJson;
import io.understudy.core.view.EventView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the members agree on: the end of the log. Events leave it once a majority keeps them in its
 * files.
 *
 * @param last the last number given; 0 before the first
 * @param origins per origin the last sequence that has a number, the origin used last at the end
 * @param events the newest events, in the order of their numbers, ending with {@code last}; may be
 *     empty
 */
record EventTail(long last, Map<String, Long> origins, List<EventView> events) {

    static final EventTail EMPTY = new EventTail(0, Map.of(), List.of());

    /** Origins that were quiet for this many others are forgotten. */
    private static final int MAXIMUM_ORIGINS = 200;

    static EventTail parse(String text) {
        try {
            return PeerJson.read(text.getBytes(StandardCharsets.UTF_8), EventTail.class);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The end of the event log cannot be read; do all members run the same version?",
                    e);
        }
    }

    String text() {
        return new String(PeerJson.write(this), StandardCharsets.UTF_8);
    }

    boolean contains(QueuedEvent queued) {
        return origins.getOrDefault(queued.origin(), 0L) >= queued.sequence();
    }

    /** Gives numbers to those of {@code queued} that have none yet. */
    EventTail with(List<QueuedEvent> queued) {
        LinkedHashMap<String, Long> seen = new LinkedHashMap<>(origins);
        List<EventView> all = new ArrayList<>(events);
        long number = last;
        for (QueuedEvent one : queued) {
            if (seen.getOrDefault(one.origin(), 0L) < one.sequence()) {
                number++;
                all.add(numbered(one.event(), number));
                seen.remove(one.origin());
                seen.put(one.origin(), one.sequence());
            }
        }
        while (seen.size() > MAXIMUM_ORIGINS) {
            seen.remove(seen.keySet().iterator().next());
        }
        return new EventTail(number, seen, all);
    }

    /** Leaves out what a majority keeps in its files. */
    EventTail after(long kept) {
        return new EventTail(
                last, origins, events.stream().filter(event -> event.number() > kept).toList());
    }

    private static EventView numbered(EventView event, long number) {
        return new EventView(
                number,
                event.time(),
                event.node(),
                event.instance(),
                event.severity(),
                event.code(),
                event.details(),
                event.message());
    }
}
