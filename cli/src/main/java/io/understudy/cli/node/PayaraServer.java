package io.understudy.cli.node;

import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;

/**
 * Payara Server with understudy.ear. The installation is the operator's and is only read; the
 * domain is the node's own, under {@code DATA/server}, made at the first start. Its virtual machine
 * is started without {@code asadmin} in between, with the command line that {@code asadmin
 * start-domain --dry-run} computes from the domain's configuration: so what the operator sets there
 * counts, and the guard knows the process.
 */
final class PayaraServer implements AppServer {

    private static final String MAIN = "com.sun.enterprise.glassfish.bootstrap.ASMain";
    private static final String MAJOR = "6";

    /** It reads its list of modules, kept under osgi-cache, as Java objects. */
    private static final String MODULE_CACHE = "org.jvnet.hk2.osgiadapter.*;";

    private static final String APPLICATION = "understudy";
    private static final String CONFIG = "configs.config.server-config.";
    private static final String LISTENERS =
            CONFIG + "network-config.network-listeners.network-listener.";

    private final Path home;
    private final NodeSetup setup;
    private final Distribution distribution;
    private final Path run;
    private final Path domains;
    private final Path domain;
    private final Asadmin asadmin;

    private PayaraServer(
            Path home, NodeSetup setup, Distribution distribution, DataDirectory data) {
        this.home = home;
        this.setup = setup;
        this.distribution = distribution;
        this.run = data.run();
        this.domains = data.path().resolve("server");
        this.domain = domains.resolve(setup.node().name().value());
        this.asadmin = new Asadmin(home);
    }

    /**
     * Opens an installation for a node and makes the node's domain if there is none yet.
     *
     * @param home the directory that Payara Server's archive unpacks to, {@code payara6}
     * @throws Failure if it is no Payara Server of the right version, the distribution has no EAR
     *     or a space in its path, or the domain cannot be made
     */
    static PayaraServer open(
            Path home,
            NodeSetup setup,
            Distribution distribution,
            DataDirectory data,
            Console console) {
        Path absolute = home.toAbsolutePath().normalize();
        String version = version(absolute);
        if (version.isEmpty() || !Files.isRegularFile(Asadmin.jar(absolute))) {
            throw console.failure(ExitCode.FAILED, "server.missing", absolute);
        }
        if (!version.startsWith(MAJOR + ".")) {
            throw console.failure(ExitCode.FAILED, "server.version", absolute, version, MAJOR);
        }
        if (!Files.isRegularFile(distribution.ear())) {
            throw console.failure(ExitCode.FAILED, "distribution.missing", distribution.ear());
        }
        if (distribution.home().toString().matches(".*\\s.*")) {
            throw console.failure(ExitCode.FAILED, "server.space", distribution.home());
        }
        PayaraServer server = new PayaraServer(absolute, setup, distribution, data);
        if (!Files.exists(server.domain)) {
            console.say("server.domain.making", setup.node().name(), server.domain);
            try {
                server.make();
            } catch (IOException e) {
                throw console.failure(
                        ExitCode.FAILED, "server.domain.failed", server.domain, e.getMessage());
            }
        }
        return server;
    }

    /** Returns e.g. "6.2025.10"; empty if this is no Payara Server. */
    private static String version(Path home) {
        Properties branding = new Properties();
        Path file = home.resolve("glassfish/config/branding/glassfish-version.properties");
        try (InputStream in = Files.newInputStream(file)) {
            branding.load(in);
        } catch (IOException | IllegalArgumentException none) {
            return "";
        }
        return branding.getProperty("product_name", "").startsWith("Payara")
                ? branding.getProperty("major_version")
                        + "."
                        + branding.getProperty("minor_version")
                        + "."
                        + branding.getProperty("update_version")
                : "";
    }

    /** Made beside and renamed: a cut leaves no half domain that the next start would believe. */
    private void make() throws IOException {
        var own =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        if (!Files.exists(domains)) {
            Files.createDirectory(domains, own);
        }
        Path fresh = domains.resolve(".new");
        Output.remove(fresh);
        Files.createDirectory(fresh, own);
        Path passwords = writePasswords();
        asadmin.run(
                List.of(
                        "--user",
                        "admin",
                        "--passwordfile",
                        passwords.toString(),
                        "create-domain",
                        "--domaindir",
                        fresh.toString(),
                        // They are bound to this node's address, which it does not know.
                        "--checkports=false",
                        domain.getFileName().toString()));
        withoutBroker(fresh.resolve(domain.getFileName()).resolve("config/domain.xml"));
        Files.move(fresh.resolve(domain.getFileName()), domain);
        Output.remove(fresh);
    }

    /**
     * Payara listens for a JMS broker of its own on every address of the host, whatever its host
     * says, and does not start when the port is taken. A remote one that nobody asks for listens
     * nowhere. The setting has no name yet when boot commands run.
     */
    private static void withoutBroker(Path file) throws IOException {
        String config = "<config name=\"server-config\">";
        String text = Files.readString(file);
        int at = text.indexOf(config);
        if (at < 0) {
            throw new IOException(file + " has no " + config);
        }
        String service =
                "\n            <jms-service type=\"REMOTE\" default-jms-host=\"default_JMS_host\">"
                        + "<jms-host name=\"default_JMS_host\" host=\"localhost\""
                        + " port=\"${JMS_PROVIDER_PORT}\"/></jms-service>";
        Files.writeString(file, new StringBuilder(text).insert(at + config.length(), service));
    }

    /** Who may administer the domain: without a password it is every user of this host. */
    private Path writePasswords() throws IOException {
        Path file = domains.resolve("passwords");
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        Files.deleteIfExists(file);
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.write(
                file,
                List.of(
                        "AS_ADMIN_PASSWORD=" + HexFormat.of().formatHex(random),
                        "AS_ADMIN_MASTERPASSWORD=changeit"));
    }

    @Override
    public List<String> command() throws IOException {
        String digest = digest(distribution.ear());
        String before = Files.readString(domain.resolve("config/domain.xml"));
        boolean present = before.contains("<application-ref ref=\"" + APPLICATION + '"');
        boolean current = present && before.contains(digest);
        Path pre = Files.write(run.resolve("preboot.txt"), preboot(present, current));
        Path post = run.resolve("postboot.txt");
        Files.write(post, current ? List.of() : List.of(deploy(digest)));
        List<String> computed =
                asadmin.run(
                        List.of(
                                "start-domain",
                                "--domaindir",
                                domains.toString(),
                                "--dry-run",
                                // Else restart-domain would start a process that has no guard;
                                // so it ends this one, and the launcher starts the next.
                                "--watchdog=true",
                                "--prebootcommandfile",
                                pre.toString(),
                                "--postbootcommandfile",
                                post.toString(),
                                domain.getFileName().toString()));
        return guarded(computed);
    }

    /** Replaces the java, and adds what a node needs, to the command line that asadmin prints. */
    private List<String> guarded(List<String> output) throws IOException {
        int main = output.indexOf(MAIN);
        int end = main < 0 ? -1 : main + output.subList(main, output.size()).indexOf("");
        if (main < 2 || end < main) {
            throw new IOException(
                    "asadmin start-domain --dry-run of "
                            + home
                            + " does not print a command line: "
                            + String.join(" ", output.subList(0, Math.min(5, output.size()))));
        }
        // The first line is a heading, the second the java.
        List<String> options = output.subList(2, main);
        List<String> command = new ArrayList<>(Distribution.ownSession());
        command.add(Distribution.java());
        boolean chosen = options.stream().anyMatch(o -> o.matches("-XX:\\+Use\\w*GC"));
        ServerCommand.SMALL.stream()
                .filter(o -> !(chosen && o.endsWith("GC")))
                .forEach(command::add);
        command.addAll(options);
        command.addAll(new ServerCommand(setup, distribution).nodeOptions(run, MODULE_CACHE));
        command.addAll(output.subList(main, end));
        return command;
    }

    private List<String> preboot(boolean present, boolean current) {
        String address = setup.node().address();
        List<String> commands = new ArrayList<>();
        set(commands, LISTENERS + "http-listener-1.address", address);
        set(commands, LISTENERS + "http-listener-1.port", setup.node().httpPort());
        set(commands, LISTENERS + "admin-listener.address", address);
        set(
                commands,
                "hazelcast-runtime-configuration.hazelcast-configuration-file",
                distribution.config("hazelcast.xml"));
        if (present) {
            // One of another version must not run before it is replaced.
            set(
                    commands,
                    "servers.server.server.application-ref." + APPLICATION + ".enabled",
                    current);
        } else {
            firstBoot(commands);
        }
        return commands;
    }

    /** Closes what the node does not need; the operator may open it again. */
    private static void firstBoot(List<String> commands) {
        set(commands, LISTENERS + "http-listener-2.enabled", false);
        set(commands, CONFIG + "admin-service.jmx-connector.system.enabled", false);
        for (String listener : List.of("orb-listener-1", "SSL", "SSL_MUTUALAUTH")) {
            set(commands, CONFIG + "iiop-service.iiop-listener." + listener + ".enabled", false);
        }
        String http = CONFIG + "network-config.protocols.protocol.http-listener-1.http.";
        set(commands, http + "server-header", false);
        set(commands, http + "xpowered-by", false);
    }

    private static void set(List<String> commands, String name, Object value) {
        commands.add("set " + name + "=" + value);
    }

    /**
     * The digest is kept by Payara with the application: both are there or neither. Unless told to
     * enable it, Payara leaves what replaces a disabled application disabled.
     */
    private String deploy(String digest) {
        return "deploy --force=true --enabled=true --name="
                + APPLICATION
                + " --property understudy.digest="
                + digest
                + " "
                + distribution.ear();
    }

    private static String digest(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(java.io.OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Path log() {
        return domain.resolve("logs/server.log");
    }
}
