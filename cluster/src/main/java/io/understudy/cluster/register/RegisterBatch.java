package io.understudy.cluster.register;

import java.util.List;

/**
 * Several calls to one voter in one message; each is carried out and answered as if it had come
 * alone.
 */
record RegisterBatch(List<Item> items) {

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
