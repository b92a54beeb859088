package io.understudy.cluster.peer;

import static io.understudy.cluster.testing.Eventually.result;
import static io.understudy.cluster.testing.TestNodes.ALPHA;
import static io.understudy.cluster.testing.TestNodes.BETA;
import static io.understudy.cluster.testing.TestNodes.GAMMA;
import static io.understudy.cluster.testing.TestNodes.SECRET;
import static io.understudy.cluster.testing.TestNodes.WITNESS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.cluster.peer.PeerException.Kind;
import io.understudy.cluster.testing.TestNodes;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.config.NodeConfiguration.Member;
import io.understudy.core.node.NodeName;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A member whose node file contradicts the receiver's is refused, and told of. */
class IntroductionTest {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final TestNodes nodes = TestNodes.onFreePorts();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private PeerServer beta;

    @BeforeEach
    void open() throws IOException {
        beta = new PeerServer(nodes.wide(BETA), SECRET, "0.1.0");
        beta.handle("/echo", request -> request.from());
        beta.whenRefused(
                (member, code, theirs, ours) ->
                        told.add(member + " " + code + " " + theirs + " " + ours));
        beta.start();
    }

    @AfterEach
    void close() {
        beta.close();
    }

    @Test
    void oneWhoseFileAgreesIsHeard() {
        assertEquals(ALPHA, ask(nodes.wide(ALPHA), "0.1.7"));
        assertEquals(GAMMA, ask(nodes.wide(GAMMA), "0.2.0"));
        // Three members of whom all vote, and five of whom the same three do.
        assertEquals(ALPHA, ask(nodes.node(ALPHA), ""));
        assertEquals(List.of(), told);
    }

    @Test
    void oneThatClaimsANameFromAnotherAddressIsRefused() {
        NodeConfiguration alpha = nodes.wide(ALPHA);
        String sentence = refusal(changed(alpha, "127.81.2.77", alpha.voters()), "0.1.0");
        assertTrue(
                sentence.contains("beta knows alpha at 127.81.2.1, not at 127.81.2.77"), sentence);
        assertEquals(List.of("alpha MEMBER_ADDRESS_DIFFERS 127.81.2.77 127.81.2.1"), told);
    }

    @Test
    void oneWithOtherVotersIsRefusedAndToldOfOnce() {
        NodeConfiguration gamma = nodes.wide(GAMMA);
        List<NodeName> others = List.of(ALPHA, WITNESS, GAMMA);
        String sentence = refusal(changed(gamma, gamma.address(), others), "0.1.0");
        assertTrue(sentence.contains("cluster.voters"), sentence);
        refusal(changed(gamma, gamma.address(), others), "0.1.0");
        assertEquals(
                List.of("gamma MEMBER_VOTERS_DIFFER alpha,gamma,witness alpha,beta,witness"), told);
    }

    @Test
    void oneOfAnotherMajorVersionIsRefused() {
        String sentence = refusal(nodes.wide(ALPHA), "1.1.0");
        assertTrue(sentence.contains("beta runs 0.1.0, alpha runs 1.1.0"), sentence);
        assertEquals(List.of("alpha MEMBER_VERSION_REFUSED 1.1.0 0.1.0"), told);
    }

    private NodeName ask(NodeConfiguration caller, String version) {
        try (PeerClient client = new PeerClient(caller, SECRET, version)) {
            return result(client.call(BETA, "/echo", null, NodeName.class, LIMIT));
        }
    }

    private String refusal(NodeConfiguration caller, String version) {
        PeerException e = assertThrows(PeerException.class, () -> ask(caller, version));
        assertEquals(Kind.REFUSED, e.kind());
        return e.getMessage();
    }

    private static NodeConfiguration changed(
            NodeConfiguration node, String address, List<NodeName> voters) {
        List<Member> members =
                node.members().stream()
                        .map(m -> m.name().equals(node.name()) ? new Member(m.name(), address) : m)
                        .toList();
        return new NodeConfiguration(
                node.name(),
                node.role(),
                address,
                Optional.empty(),
                node.clusterName(),
                members,
                voters,
                node.clusterPort(),
                node.secretFile(),
                node.httpPort(),
                node.httpsPort(),
                node.dataDirectory(),
                node.eventDays());
    }
}
