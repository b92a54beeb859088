package io.understudy.cli.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Payara Micro with understudy.war, both out of the distribution. */
final class PayaraMicro implements AppServer {

    private final NodeSetup setup;
    private final Distribution distribution;
    private final Path run;
    private final Path logs;

    PayaraMicro(NodeSetup setup, Distribution distribution, DataDirectory data) {
        this.setup = setup;
        this.distribution = distribution;
        this.run = data.run();
        this.logs = data.logs();
    }

    @Override
    public List<String> command() throws IOException {
        ServerCommand parts = new ServerCommand(setup, distribution);
        Path logging = writeLogging();
        Path boot = writeBoot();
        List<String> command = new ArrayList<>(Distribution.ownSession());
        command.add(Distribution.java());
        command.addAll(ServerCommand.SMALL);
        command.addAll(List.of("-Xms64m", "-Xmx384m"));
        command.addAll(parts.nodeOptions(run, ""));
        command.addAll(List.of("-jar", distribution.payara().toString()));
        command.addAll(List.of("--deploy", distribution.war().toString(), "--contextroot", "/"));
        command.addAll(List.of("--hzconfigfile", distribution.config("hazelcast.xml").toString()));
        command.addAll(List.of("--port", Integer.toString(setup.node().httpPort())));
        command.addAll(List.of("--prebootcommandfile", boot.toString()));
        command.addAll(List.of("--logproperties", logging.toString()));
        command.addAll(List.of("--name", setup.node().name().value(), "--disablephonehome"));
        return command;
    }

    @Override
    public Path log() {
        return logs.resolve("server.0.log");
    }

    /** Payara Micro has no option for the address that HTTP binds to. */
    private Path writeBoot() throws IOException {
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

    private Path writeLogging() throws IOException {
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
