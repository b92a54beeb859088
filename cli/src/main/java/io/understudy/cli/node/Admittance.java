package io.understudy.cli.node;

import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.Failure;
import io.understudy.cluster.member.Admission;
import io.understudy.cluster.peer.Secret;
import io.understudy.cluster.peer.SecretException;
import io.understudy.cluster.witness.Version;
import io.understudy.core.node.NodeName;
import java.util.Map;
import java.util.stream.Collectors;

/** Whether the other members let this one in, asked before anything is started. */
final class Admittance {

    private Admittance() {}

    /**
     * Asks the members that answer.
     *
     * @throws Failure if another process bears this name, the others contradict the node file, or
     *     the secret cannot be used
     */
    static void check(NodeSetup setup, Console console) {
        Admission.Verdict verdict =
                Admission.ask(setup.node(), secret(setup, console), Version.current());
        if (verdict.isGood()) {
            return;
        }
        NodeName self = setup.node().name();
        if (!verdict.takenBy().isEmpty()) {
            throw console.failure(
                    ExitCode.FAILED,
                    "admission.taken",
                    self,
                    verdict.takenBy().stream()
                            .map(NodeName::value)
                            .collect(Collectors.joining(", ")));
        }
        throw new Failure(
                ExitCode.FAILED,
                console.messages().text("admission.refused", self),
                console.messages().text("admission.refused.next"),
                verdict.refusals().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(Map.Entry::getValue)
                        .toList());
    }

    private static Secret secret(NodeSetup setup, Console console) {
        try {
            return Secret.load(setup.secret());
        } catch (SecretException e) {
            throw console.failure(
                    ExitCode.FAILED, "node.failed", setup.node().name(), e.getMessage());
        }
    }
}
