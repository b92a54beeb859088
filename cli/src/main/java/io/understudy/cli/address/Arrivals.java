package io.understudy.cli.address;

import io.understudy.core.config.VirtualAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Holds an address back from this host for as long as another still answers for it. A host whose
 * processes were all killed at once has nobody left to take its address away: its kernel answers
 * until the lifetime that it was told has passed, while proof of the death lets this host take over
 * sooner. So the wire is asked again and again, and the address comes when a question stays without
 * an answer; at the latest when no host that keeps addresses by leases can have it any more. For
 * one thread at a time.
 */
final class Arrivals {

    /** By then an answer from the same network has come. */
    private static final long ANSWER_WITHIN = TimeUnit.MILLISECONDS.toNanos(15);

    private static final long ASK_EVERY = TimeUnit.MILLISECONDS.toNanos(20);

    /** What a kernel was told, a second, and what it may be late. */
    private static final long AT_MOST = TimeUnit.MILLISECONDS.toNanos(1_250);

    /**
     * Of a host that has answered: so many questions in a row it leaves unanswered when it is out.
     */
    private static final int UNANSWERED = 3;

    private final Rivals rivals;
    private final Consumer<VirtualAddress> ask;
    private final Map<VirtualAddress, Question> asked = new HashMap<>();

    /** What was asked last. */
    private static final class Question {
        private long at;
        private boolean everAnswered;
        private int unanswered;
    }

    /**
     * @param rivals hears who answers
     * @param ask asks the wire who has an address; returns at once
     */
    Arrivals(Rivals rivals, Consumer<VirtualAddress> ask) {
        this.rivals = rivals;
        this.ask = ask;
    }

    /** Notes that the wire was asked about an address that is to come. */
    void asked(VirtualAddress address, long now) {
        asked.computeIfAbsent(address, a -> new Question()).at = now;
    }

    /** The address is not to come any more. */
    void forget(VirtualAddress address) {
        asked.remove(address);
    }

    /**
     * Says whether an address has to wait, and asks again where it is due.
     *
     * @param since since when it is wanted here
     * @return after how many nanoseconds to ask this again; 0: it may come
     */
    long wait(VirtualAddress address, long since, long now) {
        Question question = asked.get(address);
        if (now - since >= AT_MOST || question != null && settled(address, question, now)) {
            asked.remove(address);
            return 0;
        }
        long next = question == null ? 0 : question.at + ASK_EVERY - now;
        if (next > 0 && question.everAnswered) {
            return next;
        }
        if (question != null && now - question.at < ANSWER_WITHIN) {
            return ANSWER_WITHIN - (now - question.at);
        }
        asked(address, now);
        ask.accept(address);
        return ANSWER_WITHIN;
    }

    /** Whether the answers, or that there are none, say that it may come. */
    private boolean settled(VirtualAddress address, Question question, long now) {
        if (rivals.claimedSince(address, question.at)) {
            question.everAnswered = true;
            question.unanswered = 0;
            return false;
        }
        if (!question.everAnswered) {
            return now - question.at >= ANSWER_WITHIN;
        }
        if (now - question.at >= ASK_EVERY) {
            question.unanswered++;
        }
        return question.unanswered >= UNANSWERED;
    }
}
