package io.understudy.cli.node;

import io.understudy.core.config.NodeConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command lines of the processes that a launcher starts, without any secret. */
final class ServerCommand {

    /**
     * What may be read from the interconnect as a Java object. Hazelcast's own filter does not
     * cover the serialiser that Payara installs. Payara itself copies what it binds to JNDI by
     * serialising it, hence java.naming and the app server's own packages.
     */
    static final String SERIAL_FILTER =
            "maxdepth=64;maxrefs=100000;maxbytes=16777216;java.base/*;java.naming/*;java.sql/*;"
                    + "java.logging/*;java.management/*;com.hazelcast.**;fish.payara.**;"
                    + "org.glassfish.**;com.sun.enterprise.**;com.sun.ejb.**;jakarta.**;"
                    + "io.understudy.**;!*";

    /** What Hazelcast asks for at its start, in its own words. */
    private static final List<String> FOR_HAZELCAST =
            List.of(
                    "--add-modules=java.se",
                    "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                    "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                    "--add-opens=java.management/sun.management=ALL-UNNAMED",
                    "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED");

    /** For a quick start and little memory. */
    static final List<String> SMALL =
            List.of(
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    // Counters for jstat, brought up to date 20 times a second in a file of /tmp:
                    // a disk that hangs would hold up the collector with it.
                    "-XX:-UsePerfData",
                    "-Xshare:auto",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-Djava.awt.headless=true");

    private final NodeSetup setup;
    private final Distribution distribution;

    ServerCommand(NodeSetup setup, Distribution distribution) {
        this.setup = setup;
        this.distribution = distribution;
    }

    /**
     * Returns what every virtual machine of a node is started with, whatever app server it is.
     *
     * @param alsoReads patterns of {@link #SERIAL_FILTER} before its own, each with a semicolon
     */
    List<String> nodeOptions(Path run, String alsoReads) throws IOException {
        Path temporary = Files.createDirectories(run.resolve("tmp"));
        List<String> options = new ArrayList<>(FOR_HAZELCAST);
        options.addAll(
                List.of(
                        "-Djava.io.tmpdir=" + temporary,
                        "-Djdk.serialFilter=" + alsoReads + SERIAL_FILTER,
                        // Otherwise Payara itself resets the consensus store after a loss of
                        // majority, and leases are forgotten without an operator's word.
                        "-Dhazelcast.cp-subsystem.auto-promote=false"));
        options.addAll(properties());
        return options;
    }

    /** Returns the witness's command: a small JVM with Hazelcast. */
    List<String> witness(Path run) throws IOException {
        Path temporary = Files.createDirectories(run.resolve("tmp"));
        List<String> command = small("io.understudy.cluster.witness.WitnessMain", temporary);
        command.addAll(List.of("--data", setup.data().toString()));
        return command;
    }

    /** Returns the stand-in's command: as the witness's, and it keeps nothing. */
    List<String> standIn(Path temporary) {
        return small("io.understudy.cluster.witness.StandInMain", temporary);
    }

    private List<String> small(String main, Path temporary) {
        List<String> command = new ArrayList<>(Distribution.ownSession());
        command.add(Distribution.java());
        command.addAll(SMALL);
        command.addAll(FOR_HAZELCAST);
        command.addAll(
                List.of(
                        "-Xmx64m",
                        "-Djava.io.tmpdir=" + temporary,
                        "-Djdk.serialFilter=" + SERIAL_FILTER));
        command.addAll(properties());
        command.addAll(
                List.of(
                        "-cp",
                        distribution.witnessClassPath(),
                        main,
                        "--config",
                        setup.file().toString()));
        return command;
    }

    private List<String> properties() {
        NodeConfiguration node = setup.node();
        // The Hazelcast of a node that does not vote stays alone, under a name of its own.
        String cluster =
                node.isVoter() ? node.clusterName() : node.clusterName() + "-" + node.name();
        return List.of(
                "-Dunderstudy.node.file=" + setup.file(),
                "-Dunderstudy.data.directory=" + setup.data(),
                "-Dunderstudy.secret.file=" + setup.secret(),
                "-Dunderstudy.node.name=" + node.name(),
                "-Dunderstudy.node.role=" + node.role().name().toLowerCase(java.util.Locale.ROOT),
                "-Dunderstudy.node.address=" + node.address(),
                "-Dunderstudy.cluster.name=" + cluster,
                "-Dunderstudy.cluster.voters=" + (node.isVoter() ? node.voters().size() : 0),
                "-Dunderstudy.cluster.members=" + String.join(",", node.storeMembers()),
                "-Dunderstudy.cluster.port=" + node.clusterPort());
    }
}
