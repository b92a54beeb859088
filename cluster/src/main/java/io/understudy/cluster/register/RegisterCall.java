package io.understudy.cluster.register;

/**
 * What is asked of a voter.
 *
 * @param key which register
 * @param epoch the proposal's, or in a read the one the caller knows already; -1 for none
 * @param revision likewise
 * @param proposer whose proposal, see {@link Proposer}
 * @param value in a write
 */
record RegisterCall(String key, long epoch, long revision, String proposer, String value) {

    /**
     * What a voter answers.
     *
     * @param granted whether it promised or stored
     * @param state what it keeps after the call
     * @param noted what the voter's owner adds, e.g. how far its event log reaches
     */
    record Answer(boolean granted, RegisterState state, long noted) {}
}
