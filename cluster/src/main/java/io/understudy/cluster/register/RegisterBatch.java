package io.understudy.cluster.register;

import java.util.ArrayList;
import java.util.List;

/**
 * Several calls to one voter in one message; each is carried out and answered as if it had come
 * alone.
 */
record RegisterBatch(List<Item> items) {

    /** Reads that one thread answers: another thread costs more than a read. */
    private static final int READS_TOGETHER = 64;

    /** Returns what one thread each is to carry out: writes alone, many reads together. */
    List<List<Item>> parts() {
        List<List<Item>> parts = new ArrayList<>();
        int begin = 0;
        for (int i = 1; i <= items.size(); i++) {
            boolean together =
                    i < items.size()
                            && i - begin < READS_TOGETHER
                            && reads(items.get(begin))
                            && reads(items.get(i));
            if (!together) {
                parts.add(items.subList(begin, i));
                begin = i;
            }
        }
        return parts;
    }

    /** Whether it only reads; not a getter, which would be written to the wire. */
    static boolean reads(Item item) {
        return item.operation().equals("read");
    }

    /** One call: {@code promise}, {@code write} or {@code read}. */
    record Item(String operation, RegisterCall call) {}

    /** The answers in the order of the calls. */
    record Answers(List<Answered> items) {}

    /**
     * The answer to one call.
     *
     * @param answer null if there is none
     * @param problem why there is none, else null
     */
    record Answered(RegisterCall.Answer answer, String problem) {}
}
