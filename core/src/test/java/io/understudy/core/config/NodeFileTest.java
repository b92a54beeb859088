package io.understudy.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeFileTest {

    private static final String FOUR =
            "alpha@10.77.0.1,beta@10.77.0.2,gamma@10.77.0.4,witness@10.77.0.3";

    private static Map<String, String> good() {
        Map<String, String> file = new LinkedHashMap<>();
        file.put("node.name", "alpha");
        file.put("node.role", "primary");
        file.put("node.address", "10.77.0.1");
        file.put("cluster.name", "campus");
        file.put("cluster.members", "alpha@10.77.0.1,beta@10.77.0.2,witness@10.77.0.3");
        return file;
    }

    @Test
    void fillsInTheDefaultsOfTheContract() {
        NodeConfiguration node = NodeFile.read(good()).orThrow();
        assertEquals(22001, node.clusterPort());
        assertEquals(22002, node.peerPort());
        assertEquals(22003, node.guardPort());
        assertEquals(8080, node.httpPort());
        assertEquals(8443, node.httpsPort());
        assertEquals("secret", node.secretFile());
        assertEquals("/var/lib/understudy", node.dataDirectory());
        assertEquals(90, node.eventDays());
        assertTrue(node.directAddress().isEmpty());
        assertEquals(3, node.members().size());
    }

    @Test
    void writesBackWhatItReads() {
        Map<String, String> file = good();
        file.put("node.direct-address", "192.168.0.1");
        file.put("events.keep-days", "30");
        NodeConfiguration node = NodeFile.read(file).orThrow();
        assertEquals(node, NodeFile.read(NodeFile.toProperties(node)).orThrow());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "node.nmae;x;node.nmae",
                "node.name;9lives;node.name",
                "node.name;alpha-;node.name",
                "node.name;gamma;cluster.members",
                "node.role;boss;node.role",
                "node.role;PRIMARY;node.role",
                "node.address;alpha.example;node.address",
                "node.address;0.0.0.0;node.address",
                "node.address;10.77.0.01;node.address",
                "node.address;10.77.0.9;cluster.members",
                "node.address;224.0.0.1;node.address",
                "node.direct-address;10.77.0.1;node.direct-address",
                "node.direct-address;there;node.direct-address",
                "cluster.name;cam pus;cluster.name",
                "cluster.members;alpha@10.77.0.1,beta@10.77.0.2;cluster.members",
                "cluster.members;alpha@10.77.0.1,b@10.77.0.2,c@10.77.0.3,d@10.77.0.4;cluster.voters",
                "cluster.voters;alpha,beta;cluster.voters",
                "cluster.voters;alpha,beta,gamma;cluster.voters",
                "cluster.voters;alpha,beta,beta;cluster.voters",
                "cluster.voters;alpha,beta,;cluster.voters",
                "cluster.members;alpha@10.77.0.1,beta@10.77.0.2,beta@10.77.0.3;cluster.members",
                "cluster.members;alpha@10.77.0.1,beta@10.77.0.2,w@10.77.0.2;cluster.members",
                "cluster.members;alpha@10.77.0.1,beta 10.77.0.2,w@10.77.0.3;cluster.members",
                "cluster.members;alpha@10.77.0.1,,w@10.77.0.3;cluster.members",
                "cluster.port;0;cluster.port",
                "cluster.port;65534;cluster.port",
                "cluster.port;x;cluster.port",
                "http.port;22003;http.port",
                "https.port;8080;https.port",
                "http.port;70000;http.port",
                "data.directory;' ';data.directory",
                "events.keep-days;0;events.keep-days",
                "events.keep-days;3651;events.keep-days",
                "events.keep-days;-1;events.keep-days",
                "events.keep-days;a month;events.keep-days",
                "events.keep-days;'';events.keep-days",
            })
    void namesTheKeyThatIsWrong(String key, String value, String field) {
        Map<String, String> file = good();
        file.put(key, value);
        List<Problem> problems = NodeFile.read(file).problems();
        assertEquals(
                List.of(field), problems.stream().map(Problem::field).toList(), problems::toString);
    }

    @Test
    void reportsEverythingAtOnce() {
        Checked<NodeConfiguration> nothing = NodeFile.read(Map.of("http.port", "x", "junk", ""));
        assertFalse(nothing.isGood());
        assertEquals(
                List.of(
                        "junk",
                        "node.name",
                        "node.role",
                        "node.address",
                        "cluster.name",
                        "cluster.members",
                        "http.port"),
                nothing.problems().stream().map(Problem::field).toList());
    }

    @Test
    void threeMembersAllVote() {
        assertEquals(3, NodeFile.read(good()).orThrow().voters().size());
        assertTrue(NodeFile.read(good()).orThrow().isVoter());
    }

    @Test
    void ofMoreMembersThreeVoteInTheOrderOfTheMembers() {
        Map<String, String> file = good();
        file.put("cluster.members", FOUR);
        file.put("cluster.voters", "witness, beta,alpha");
        NodeConfiguration node = NodeFile.read(file).orThrow();
        assertEquals("[alpha, beta, witness]", node.voters().toString());
        assertEquals(node, NodeFile.read(NodeFile.toProperties(node)).orThrow());
        file.put("cluster.voters", "beta,gamma,witness");
        assertFalse(NodeFile.read(file).orThrow().isVoter());
        assertEquals(List.of("10.77.0.1:22001"), NodeFile.read(file).orThrow().storeMembers());
        assertEquals(
                List.of("10.77.0.2", "10.77.0.4", "10.77.0.3"),
                NodeFile.read(file).orThrow().votingMembers().stream()
                        .map(NodeConfiguration.Member::address)
                        .toList());
    }

    @Test
    void aWitnessThatDoesNotVoteIsRefused() {
        Map<String, String> file = good();
        file.put("node.role", "witness");
        file.put("cluster.members", FOUR);
        file.put("cluster.voters", "beta,gamma,witness");
        assertEquals("cluster.voters", NodeFile.read(file).problems().get(0).field());
    }

    @Test
    void saysWhatToWriteWhereTheVotersAreMissing() {
        Map<String, String> file = good();
        file.put("cluster.members", FOUR);
        assertTrue(
                NodeFile.read(file)
                        .problems()
                        .get(0)
                        .mend()
                        .startsWith("add a line cluster.voters=alpha,beta,witness"),
                () -> NodeFile.read(file).problems().toString());
    }

    @Test
    void suggestsTheNearestKey() {
        Map<String, String> file = good();
        file.put("cluster.prot", "1");
        assertTrue(
                NodeFile.read(file).problems().get(0).mend().startsWith("write cluster.port "),
                () -> NodeFile.read(file).problems().toString());
    }

    @Test
    void takesTheEnvironmentBeforeTheFile() {
        Map<String, String> merged =
                NodeFile.overlay(
                        good(),
                        Map.of(
                                "NODE_NAME", "beta",
                                "NODE_ADDRESS", "10.77.0.2",
                                "cluster_port", "23001",
                                "CLUSTER_PORT", "24001",
                                "NODE_DIRECT_ADDRESS", "192.168.7.2",
                                "PATH", "/bin"));
        NodeConfiguration node = NodeFile.read(merged).orThrow();
        assertEquals("beta", node.name().value());
        assertEquals(23001, node.clusterPort());
        assertEquals("192.168.7.2", node.directAddress().orElseThrow());
    }

    @Test
    void takesAddressesOfBothFamilies() {
        Map<String, String> file = good();
        file.put("node.address", "fd00::1");
        file.put("cluster.members", "alpha@fd00:0:0::1,beta@fd00::2,witness@10.77.0.3");
        assertEquals("fd00::1", NodeFile.read(file).orThrow().address());
    }
}
