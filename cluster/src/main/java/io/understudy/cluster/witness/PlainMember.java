package io.understudy.cluster.witness;

import com.hazelcast.config.Config;
import com.hazelcast.config.GlobalSerializerConfig;
import com.hazelcast.config.XmlConfigBuilder;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.understudy.cluster.lease.HazelcastLeaseStore;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.node.NodeName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;

/**
 * A Hazelcast member without an app server: the witness, a stand-in, or a member under test. It
 * reads the same {@code hazelcast.xml} as the nodes and understands Payara's members.
 *
 * @param cluster name of the cluster
 * @param name this member
 * @param role {@code primary}, {@code secondary}, {@code witness} or {@code stand-in}
 * @param address the address it binds to
 * @param port its TCP port
 * @param members {@code address:port} of every voter
 */
public record PlainMember(
        String cluster,
        NodeName name,
        String role,
        String address,
        int port,
        List<String> members) {

    private static final int VOTERS = 3;
    private static final String RESOURCE = "/io/understudy/cluster/hazelcast.xml";

    /** Refuses nulls; copies the list. */
    public PlainMember {
        Objects.requireNonNull(cluster, "cluster");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(address, "address");
        members = List.copyOf(members);
    }

    /** Returns the member that a node file describes. */
    public static PlainMember of(NodeConfiguration node) {
        return new PlainMember(
                node.clusterName(),
                node.name(),
                node.role().name().toLowerCase(Locale.ROOT),
                node.address(),
                node.clusterPort(),
                node.storeMembers());
    }

    /**
     * Returns the system properties that {@code hazelcast.xml} asks for; the launcher of a node
     * gives the same ones to Payara Micro.
     */
    public Properties placeholders() {
        Properties values = new Properties();
        values.setProperty("understudy.cluster.name", cluster);
        values.setProperty("understudy.cluster.members", String.join(",", members));
        values.setProperty("understudy.cluster.port", Integer.toString(port));
        values.setProperty("understudy.cluster.voters", Integer.toString(VOTERS));
        values.setProperty("understudy.node.name", name.value());
        values.setProperty("understudy.node.role", role);
        values.setProperty("understudy.node.address", address);
        return values;
    }

    /**
     * Starts the member; returns when it has joined the others, or stands alone if it found none.
     *
     * @throws com.hazelcast.core.HazelcastException if the address cannot be bound
     */
    public HazelcastInstance start() {
        return Hazelcast.newHazelcastInstance(configuration());
    }

    private Config configuration() {
        try (InputStream xml = HazelcastLeaseStore.class.getResourceAsStream(RESOURCE)) {
            if (xml == null) {
                throw new IllegalStateException(
                        RESOURCE + " is missing from the cluster module: build it again");
            }
            Config config = new XmlConfigBuilder(xml).setProperties(placeholders()).build();
            config.setInstanceName("understudy-" + name + "-" + role);
            config.getSerializationConfig()
                    .setGlobalSerializerConfig(
                            new GlobalSerializerConfig()
                                    .setImplementation(new PayaraSerializer())
                                    .setOverrideJavaSerialization(true));
            return config;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE, e);
        }
    }
}
