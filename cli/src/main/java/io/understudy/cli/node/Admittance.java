package io.understudy.cli.node;

import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.Failure;
import io.understudy.cluster.member.Admission;
import io.understudy.cluster.member.MemberDisk;
import io.understudy.cluster.peer.Secret;
import io.understudy.cluster.peer.SecretException;
import io.understudy.cluster.witness.Version;
import io.understudy.core.node.NodeName;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Whether the other members let this one in, asked before anything is started. */
final class Admittance {

    private Admittance() {}

    /**
     * Asks the members that answer.
     *
     * @param recover whether an operator says that the data directory replaces one that is lost
     * @throws Failure if another process bears this name, the others contradict the node file, or
     *     the secret cannot be used, or they know this member with another data directory
     * @throws IOException if the data directory cannot be read or written
     */
    static void check(NodeSetup setup, boolean recover, Console console) throws IOException {
        Secret secret = secret(setup, console);
        Admission.Verdict verdict = Admission.ask(setup.node(), secret, Version.current());
        if (!verdict.isGood()) {
            throw refusal(setup, verdict, console);
        }
        MemberDisk disk = MemberDisk.open(setup.data());
        if (recover && !disk.recover()) {
            console.say("admission.whole", setup.node().name(), setup.data());
        }
        List<NodeName> knowing =
                Admission.otherDisks(setup.node(), secret, Version.current(), disk);
        if (setup.node().isVoter() && !knowing.isEmpty()) {
            throw console.failure(
                    ExitCode.FAILED,
                    disk.votes() ? "admission.old-disk" : "admission.new-disk",
                    setup.node().name(),
                    setup.data(),
                    names(knowing));
        }
    }

    private static Failure refusal(NodeSetup setup, Admission.Verdict verdict, Console console) {
        NodeName self = setup.node().name();
        if (!verdict.takenBy().isEmpty()) {
            return console.failure(
                    ExitCode.FAILED, "admission.taken", self, names(verdict.takenBy()));
        }
        return new Failure(
                ExitCode.FAILED,
                console.messages().text("admission.refused", self),
                console.messages().text("admission.refused.next"),
                verdict.refusals().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(Map.Entry::getValue)
                        .toList());
    }

    private static String names(List<NodeName> names) {
        return names.stream().sorted().map(NodeName::value).collect(Collectors.joining(", "));
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
