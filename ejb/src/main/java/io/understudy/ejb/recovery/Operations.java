package io.understudy.ejb.recovery;

import io.understudy.core.recovery.Effect;
import io.understudy.core.recovery.Refusal;
import io.understudy.core.text.Messages;
import io.understudy.core.view.OperationView;
import io.understudy.ejb.control.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;

/** What operators asked of this node lately, and what came of it. Bounded; any thread. */
final class Operations {

    private static final int KEPT = 200;

    private final LongSupplier nanos;
    private final Messages words = Messages.in(Locale.ENGLISH);
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private static final class Entry {
        final String kind;
        final String instance;
        final String by;
        final long began;
        String state = "RUNNING";
        String code;
        String message;
        String next;
        final List<OperationView.Phase> phases = new ArrayList<>();

        Entry(String kind, String instance, String by, long began) {
            this.kind = kind;
            this.instance = instance;
            this.by = by;
            this.began = began;
        }
    }

    Operations(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Notes a new request and returns its id. */
    synchronized String begin(String kind, String instance, String by) {
        String id = UUID.randomUUID().toString();
        Entry entry = new Entry(kind, instance, by, nanos.getAsLong());
        entry.message = kind.toLowerCase(Locale.ROOT) + " of " + instance + " is under way.";
        entries.put(id, entry);
        while (entries.size() > KEPT) {
            entries.remove(entries.keySet().iterator().next());
        }
        return id;
    }

    /** Notes a step on the way, for every request about the instance that runs. */
    synchronized void phase(String instance, String name) {
        for (Entry entry : entries.values()) {
            if (entry.state.equals("RUNNING") && entry.instance.equals(instance)) {
                entry.phases.add(new OperationView.Phase(name, since(entry)));
            }
        }
    }

    private long since(Entry entry) {
        return (nanos.getAsLong() - entry.began) / 1_000_000;
    }

    synchronized void conclude(Effect.Conclude conclude) {
        Entry entry = entries.get(conclude.id());
        if (entry == null || !entry.state.equals("RUNNING")) {
            return;
        }
        String what = entry.kind.toLowerCase(Locale.ROOT) + " of " + entry.instance;
        Optional<Refusal> refusal = conclude.refusal();
        if (refusal.isEmpty()) {
            entry.state = "DONE";
            entry.message = what + " is done.";
        } else {
            boolean late =
                    refusal.get() == Refusal.DID_NOT_SUCCEED || refusal.get() == Refusal.TIMED_OUT;
            ErrorCode code = codeOf(refusal.get());
            entry.state = late ? "FAILED" : "REFUSED";
            entry.code = code.name();
            entry.message = what + ": " + words.of("refusal", refusal.get());
            if (refusal.get() == Refusal.BUSY) {
                entry.message += " " + whoIsFirst(entry);
            }
            entry.next = code.next();
        }
        entry.phases.add(new OperationView.Phase(entry.state, since(entry)));
    }

    /** The second of two operators is told who the first is. */
    private String whoIsFirst(Entry second) {
        return entries.values().stream()
                .filter(e -> e != second && e.instance.equals(second.instance))
                .filter(e -> e.state.equals("RUNNING"))
                .findFirst()
                .map(
                        e ->
                                "It is the "
                                        + e.kind.toLowerCase(Locale.ROOT)
                                        + " that "
                                        + e.by
                                        + " asked for "
                                        + since(e) / 1000
                                        + " s ago.")
                .orElse("Nobody asked for it here: the node does it by itself.");
    }

    /** Which error of REST a refusal of the core is. */
    static ErrorCode codeOf(Refusal refusal) {
        return switch (refusal) {
            case ALREADY_THERE, NOTHING_TO_RECOVER -> ErrorCode.ALREADY_THERE;
            case BUSY -> ErrorCode.OPERATION_UNDER_WAY;
            case HELD -> ErrorCode.HELD;
            case PEER_NOT_HEARD, PEER_NOT_ABLE -> ErrorCode.PEER_NOT_READY;
            case PEER_NOT_IN_SYNC, NOT_IN_SYNC, PINNED -> ErrorCode.NOT_IN_SYNC;
            case HOLDER_LIVES, DID_NOT_SUCCEED, STAND_ALONE -> ErrorCode.WRONG_STATE;
            case NO_MAJORITY -> ErrorCode.NO_MAJORITY;
            case STOPPING -> ErrorCode.NOT_READY;
            case TIMED_OUT -> ErrorCode.OUTCOME_UNKNOWN;
        };
    }

    synchronized Optional<OperationView> view(String id) {
        Entry e = entries.get(id);
        return e == null
                ? Optional.empty()
                : Optional.of(
                        new OperationView(
                                id,
                                e.kind,
                                e.instance,
                                e.state,
                                e.code,
                                e.message,
                                e.next,
                                List.copyOf(e.phases)));
    }
}
