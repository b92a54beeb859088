package io.understudy.cli.node;

import io.understudy.core.config.NodeConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

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

    private static final List<String> SMALL =
            List.of(
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Xshare:auto",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-Djava.awt.headless=true");

    private final NodeSetup setup;
    private final Distribution distribution;

    ServerCommand(NodeSetup setup, Distribution distribution) {
        this.setup = setup;
        this.distribution = distribution;
    }

    /** Returns the node's command: Payara Micro with the application. */
    List<String> node(Path run, Path logs) throws IOException {
        Path temporary = Files.createDirectories(run.resolve("tmp"));
        Path logging = writeLogging(run, logs);
        Path boot = writeBoot(run);
        List<String> command = new ArrayList<>(Distribution.ownSession());
        command.add(Distribution.java());
        command.addAll(SMALL);
        command.addAll(FOR_HAZELCAST);
        command.addAll(
                List.of(
                        "-Xms64m",
                        "-Xmx384m",
                        "-Djava.io.tmpdir=" + temporary,
                        "-Djdk.serialFilter=" + SERIAL_FILTER,
                        // Otherwise Payara itself resets the consensus store after a loss of
                        // majority, and leases are forgotten without an operator's word.
                        "-Dhazelcast.cp-subsystem.auto-promote=false"));
        command.addAll(properties());
        command.addAll(List.of("-jar", distribution.payara().toString()));
        command.addAll(List.of("--deploy", distribution.war().toString(), "--contextroot", "/"));
        command.addAll(List.of("--hzconfigfile", distribution.config("hazelcast.xml").toString()));
        command.addAll(List.of("--port", Integer.toString(setup.node().httpPort())));
        command.addAll(List.of("--prebootcommandfile", boot.toString()));
        command.addAll(List.of("--logproperties", logging.toString()));
        command.addAll(List.of("--name", setup.node().name().value(), "--disablephonehome"));
        return command;
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
        String members =
                node.members().stream()
                        .map(m -> hostAndPort(m.address(), node.clusterPort()))
                        .collect(Collectors.joining(","));
        return List.of(
                "-Dunderstudy.node.file=" + setup.file(),
                "-Dunderstudy.data.directory=" + setup.data(),
                "-Dunderstudy.secret.file=" + setup.secret(),
                "-Dunderstudy.node.name=" + node.name(),
                "-Dunderstudy.node.role=" + node.role().name().toLowerCase(java.util.Locale.ROOT),
                "-Dunderstudy.node.address=" + node.address(),
                "-Dunderstudy.cluster.name=" + node.clusterName(),
                "-Dunderstudy.cluster.members=" + members,
                "-Dunderstudy.cluster.port=" + node.clusterPort());
    }

    private static String hostAndPort(String host, int port) {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** Payara Micro has no option for the address that HTTP binds to. */
    private Path writeBoot(Path run) throws IOException {
        String network = "set configs.config.server-config.network-config.";
        String http = network + "protocols.protocol.http-listener.http.";
        // Strangers need not learn what serves them.
        List<String> settings =
                List.of(
                        network
                                + "network-listeners.network-listener.http-listener.address="
                                + setup.node().address(),
                        http + "server-header=false",
                        http + "xpowered-by=false");
        return Files.write(run.resolve("boot.txt"), settings);
    }

    private static Path writeLogging(Path run, Path logs) throws IOException {
        List<String> lines =
                List.of(
                        "handlers=java.util.logging.FileHandler",
                        "java.util.logging.FileHandler.pattern=" + logs.resolve("server.%g.log"),
                        "java.util.logging.FileHandler.limit=10000000",
                        "java.util.logging.FileHandler.count=5",
                        "java.util.logging.FileHandler.append=true",
                        "java.util.logging.FileHandler.encoding=UTF-8",
                        "java.util.logging.FileHandler.formatter=java.util.logging.SimpleFormatter",
                        "java.util.logging.SimpleFormatter.format="
                                + "%1$tFT%1$tT.%1$tL%1$tz %4$-7s %3$s: %5$s%6$s%n",
                        ".level=INFO",
                        // Says which class the filter above refused.
                        "java.io.serialization.level=FINE",
                        "java.util.logging.FileHandler.level=ALL",
                        "javax.enterprise.level=WARNING",
                        // Certificates of authorities that have expired, whole, at every start.
                        "javax.enterprise.system.security.ssl.level=SEVERE",
                        "io.opentelemetry.level=WARNING",
                        "org.glassfish.level=WARNING",
                        "fish.payara.level=WARNING",
                        "PayaraMicro.level=WARNING",
                        "com.hazelcast.level=WARNING",
                        "org.hibernate.validator.level=WARNING",
                        "org.eclipse.persistence.level=WARNING");
        return Files.write(run.resolve("logging.properties"), lines);
    }
}
