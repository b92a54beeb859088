package io.understudy.cluster.register;

import io.understudy.core.node.NodeName;
import java.util.Map;

/** The answers of those that answered; at least a majority. */
record Answers(Map<NodeName, RegisterCall.Answer> byVoter) {

    long granted() {
        return byVoter.values().stream().filter(RegisterCall.Answer::granted).count();
    }

    /** How many of the answering voters keep exactly this proposal. */
    long keeping(RegisterState.Stored proposal) {
        return byVoter.values().stream()
                .map(answer -> answer.state().stored())
                .filter(s -> s != null && s.isTagged(proposal.epoch(), proposal.revision()))
                .count();
    }

    /** The newest stored value among the answers; null if there is none. */
    RegisterState.Stored newest() {
        RegisterState.Stored newest = null;
        for (RegisterCall.Answer answer : byVoter.values()) {
            RegisterState.Stored stored = answer.state().stored();
            if (stored != null
                    && (newest == null || stored.isNewerThan(newest.epoch(), newest.revision()))) {
                newest = stored;
            }
        }
        return newest;
    }

    /** The number that as many voters as make a majority note at least. */
    long majorityNoted(int majority) {
        long[] noted =
                byVoter.values().stream().mapToLong(RegisterCall.Answer::noted).sorted().toArray();
        return noted[noted.length - majority];
    }

    long promised() {
        return byVoter.values().stream()
                .mapToLong(answer -> answer.state().promised())
                .max()
                .orElse(0);
    }
}
