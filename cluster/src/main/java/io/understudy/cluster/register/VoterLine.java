package io.understudy.cluster.register;

import io.understudy.cluster.peer.PeerClient;
import io.understudy.core.node.NodeName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The calls of this member to one other voter. A call goes out at once; while {@value #UNDER_WAY}
 * are under way, or one that reads, the next ones of that kind wait and then go together, so that
 * hundreds of registers that ask in the same moment cost a few messages. Never blocks; safe for use
 * by several threads.
 */
final class VoterLine {

    /** So many messages at once; the voter's disk takes several writes at a time. */
    private static final int UNDER_WAY = 4;

    /** So many calls in a message, for it to be answered within the limit. */
    private static final int TOGETHER = 32;

    /** So many of them where all only read, which takes the voter no disk's time. */
    private static final int READS_TOGETHER = 128;

    /** So many characters of values in a message: far below what a member takes. */
    private static final int CHARACTERS = 256 * 1024;

    private static final int WAITING = 2_048;

    private final NodeName voter;
    private final String path;
    private final PeerClient client;
    private final Duration limit;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Deque<Waiting> reads = new ArrayDeque<>();
    private int underWay;
    private boolean reading;

    private record Waiting(
            RegisterBatch.Item item, long since, CompletableFuture<RegisterCall.Answer> answer) {}

    /**
     * @param path of the voter's space, as {@code /ledger/}
     * @param limit for each message; a call that waited for longer is given up
     */
    VoterLine(NodeName voter, String path, PeerClient client, Duration limit) {
        this.voter = voter;
        this.path = path;
        this.client = client;
        this.limit = limit;
    }

    /** Asks the voter. */
    CompletionStage<RegisterCall.Answer> call(String operation, RegisterCall call) {
        CompletableFuture<RegisterCall.Answer> answer = new CompletableFuture<>();
        synchronized (this) {
            Deque<Waiting> line = operation.equals("read") ? reads : waiting;
            if (line.size() >= WAITING) {
                return CompletableFuture.failedFuture(
                        new IllegalStateException("too many calls wait for " + voter));
            }
            line.add(
                    new Waiting(
                            new RegisterBatch.Item(operation, call), System.nanoTime(), answer));
        }
        next();
        return answer;
    }

    private void next() {
        send(waiting, false, TOGETHER);
        send(reads, true, READS_TOGETHER);
    }

    private void send(Deque<Waiting> line, boolean read, int most) {
        List<Waiting> together = new ArrayList<>();
        List<Waiting> late = new ArrayList<>();
        int characters = 0;
        synchronized (this) {
            boolean free = read ? !reading : underWay < UNDER_WAY;
            while (free && together.size() < most && characters < CHARACTERS && !line.isEmpty()) {
                Waiting first = line.poll();
                boolean over = System.nanoTime() - first.since() > limit.toNanos();
                (over ? late : together).add(first);
                String value = first.item().call().value();
                characters += value == null ? 0 : value.length();
            }
            if (!together.isEmpty()) {
                reading |= read;
                underWay += read ? 0 : 1;
            }
        }
        late.forEach(
                w ->
                        w.answer()
                                .completeExceptionally(
                                        new IllegalStateException("no answer in time")));
        if (together.size() == 1) {
            alone(together.get(0), read);
        } else if (!together.isEmpty()) {
            send(together, read);
        }
    }

    private void alone(Waiting one, boolean read) {
        client.call(
                        voter,
                        path + one.item().operation(),
                        one.item().call(),
                        RegisterCall.Answer.class,
                        limit)
                .whenComplete(
                        (answer, error) -> {
                            done(read);
                            if (error == null) {
                                one.answer().complete(answer);
                            } else {
                                one.answer().completeExceptionally(error);
                            }
                        });
    }

    private void send(List<Waiting> together, boolean read) {
        RegisterBatch batch = new RegisterBatch(together.stream().map(Waiting::item).toList());
        client.call(voter, path + "batch", batch, RegisterBatch.Answers.class, limit)
                .whenComplete(
                        (answers, error) -> {
                            done(read);
                            for (int i = 0; i < together.size(); i++) {
                                settle(together.get(i).answer(), answers, i, error);
                            }
                        });
    }

    private static void settle(
            CompletableFuture<RegisterCall.Answer> call,
            RegisterBatch.Answers answers,
            int index,
            Throwable error) {
        if (error != null) {
            call.completeExceptionally(error);
        } else if (answers == null || index >= answers.items().size()) {
            call.completeExceptionally(new IllegalStateException("an empty answer"));
        } else if (answers.items().get(index).answer() == null) {
            call.completeExceptionally(
                    new IllegalStateException(answers.items().get(index).problem()));
        } else {
            call.complete(answers.items().get(index).answer());
        }
    }

    private void done(boolean read) {
        synchronized (this) {
            reading &= !read;
            underWay -= read ? 0 : 1;
        }
        next();
    }
}
