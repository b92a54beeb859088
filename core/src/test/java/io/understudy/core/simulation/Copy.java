package io.understudy.core.simulation;

import io.understudy.core.database.DatabaseRole;
import io.understudy.core.database.ReplicationMode;
import io.understudy.core.lease.Epoch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/** One node's copy of the database: what is on its disk, and the process that serves it. */
final class Copy {

    final SimNode node;
    final List<Long> log = new ArrayList<>();
    boolean exists;
    DatabaseRole role = DatabaseRole.STOPPED;
    ReplicationMode mode = ReplicationMode.ASYNCHRONOUS;
    Epoch epoch = Epoch.NONE;

    /** As a standby: attached to the peer's primary of this tenure. */
    boolean attached;

    /** Writes that wait for the standby, with what to do when it has them. */
    private final Map<Long, LongConsumer> waiting = new HashMap<>();

    final Set<Long> content = new HashSet<>();

    Copy(SimNode node) {
        this.node = node;
    }

    boolean primary() {
        return role == DatabaseRole.PRIMARY && node.childrenAlive();
    }

    void append(long id) {
        if (content.add(id)) {
            log.add(id);
        }
    }

    void truncateTo(int size) {
        while (log.size() > size) {
            content.remove(log.remove(log.size() - 1));
        }
    }

    /** A client's write: acknowledged at once, or when the standby has it. */
    void write(long id, LongConsumer acknowledge) {
        if (node.diskHangs()) {
            return;
        }
        append(id);
        if (mode == ReplicationMode.ASYNCHRONOUS) {
            acknowledge.accept(id);
        } else {
            waiting.put(id, acknowledge);
        }
        node.peerNode().copy.pull();
    }

    /** The standby fetches what it lacks; what it has is acknowledged to waiting clients. */
    void pull() {
        Copy source = node.peerNode().copy;
        if (!streaming(source)) {
            return;
        }
        node.world.after(
                node.world.travel(),
                () -> {
                    if (!streaming(source)) {
                        return;
                    }
                    for (int i = log.size(); i < source.log.size(); i++) {
                        append(source.log.get(i));
                    }
                    node.world.after(
                            node.world.travel(),
                            () -> {
                                if (streaming(source)) {
                                    source.flushedUpTo(log.size());
                                }
                            });
                });
    }

    boolean streaming(Copy source) {
        return role == DatabaseRole.STANDBY
                && attached
                && node.childrenAlive()
                && !node.diskHangs()
                && !source.node.diskHangs()
                && source.primary()
                && node.world.both(node.name, source.node.name)
                && isPrefixOf(source);
    }

    private boolean isPrefixOf(Copy source) {
        return log.size() <= source.log.size()
                && (log.isEmpty()
                        || log.get(log.size() - 1).equals(source.log.get(log.size() - 1)));
    }

    private void flushedUpTo(int size) {
        for (int i = size - 1; i >= 0; i--) {
            LongConsumer acknowledge = waiting.remove(log.get(i));
            if (acknowledge == null) {
                if (waiting.isEmpty()) {
                    break;
                }
                continue;
            }
            acknowledge.accept(log.get(i));
        }
    }

    void relax() {
        mode = ReplicationMode.ASYNCHRONOUS;
        List<Long> ids = new ArrayList<>(waiting.keySet());
        for (Long id : ids) {
            LongConsumer acknowledge = waiting.remove(id);
            if (content.contains(id)) {
                acknowledge.accept(id);
            }
        }
    }

    /** The process ends: what was written stays on the disk, what waited is never answered. */
    void end() {
        role = DatabaseRole.STOPPED;
        attached = false;
        waiting.clear();
    }
}
