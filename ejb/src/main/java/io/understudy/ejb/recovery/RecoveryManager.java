package io.understudy.ejb.recovery;

import com.hazelcast.core.HazelcastInstance;
import io.understudy.cluster.voters.VoterState;
import io.understudy.cluster.witness.Version;
import io.understudy.core.config.Checked;
import io.understudy.core.config.GroupConfiguration;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.config.NodeFile;
import io.understudy.core.hold.Hold;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.metric.Metric;
import io.understudy.core.metric.Sample;
import io.understudy.core.node.NodeName;
import io.understudy.core.timing.Timers;
import io.understudy.core.view.ClusterView;
import io.understudy.core.view.DecisionsView;
import io.understudy.core.view.EventView;
import io.understudy.core.view.ExplanationView;
import io.understudy.core.view.InfoView;
import io.understudy.core.view.MoveView;
import io.understudy.core.view.OperationView;
import io.understudy.ejb.control.ApplyView;
import io.understudy.ejb.control.ConfigurationView;
import io.understudy.ejb.control.ErrorCode;
import io.understudy.ejb.control.HoldCommand;
import io.understudy.ejb.control.InvalidConfigurationException;
import io.understudy.ejb.control.NodeControl;
import io.understudy.ejb.control.OperatorCommand;
import io.understudy.ejb.control.Readiness;
import io.understudy.ejb.control.RefusedException;
import io.understudy.ejb.control.RemovalView;
import io.understudy.ejb.control.ServiceCommand;
import io.understudy.ejb.control.ServiceLogView;
import io.understudy.ejb.control.ShapeView;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Local;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/**
 * The recovery manager of this node: starts the node with the application and ends it with it, and
 * is what the faces ask. Without the system property {@value #FILE} it stays idle, so that the
 * application deploys anywhere.
 */
@Singleton
@Startup
@Local(NodeControl.class)
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionManagement(TransactionManagementType.BEAN)
public class RecoveryManager implements NodeControl {

    /** Names the node file. */
    public static final String FILE = "understudy.node.file";

    /** Names the data directory. */
    public static final String DATA = "understudy.data.directory";

    /** Names the file with the cluster's secret. */
    public static final String SECRET = "understudy.secret.file";

    private static final System.Logger LOG = System.getLogger(RecoveryManager.class.getName());
    private static final String HAZELCAST = "payara/Hazelcast";
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

    private volatile NodeRuntime runtime;
    private volatile boolean exiting;

    /** Starts the node. A node that cannot start ends its process, so that nobody waits for it. */
    @PostConstruct
    void start() {
        String file = System.getProperty(FILE);
        if (file == null) {
            LOG.log(System.Logger.Level.INFO, "no node file: this application runs without a node");
            return;
        }
        try {
            HazelcastInstance hazelcast = hazelcast();
            MemberWatch.over(hazelcast);
            runtime =
                    new NodeRuntime(
                            read(Path.of(file)),
                            Path.of(System.getProperty(DATA)),
                            Path.of(System.getProperty(SECRET)),
                            hazelcast,
                            this::exit);
            runtime.happenings().started(Version.current());
        } catch (IOException | NamingException | RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "the node cannot start: " + e.getMessage(), e);
            exit();
        }
    }

    private static NodeConfiguration read(Path file) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
        }
        Map<String, String> plain = new TreeMap<>();
        properties.forEach((key, value) -> plain.put(key.toString(), value.toString()));
        Checked<NodeConfiguration> read = NodeFile.read(NodeFile.overlay(plain, System.getenv()));
        return read.orThrow();
    }

    private static HazelcastInstance hazelcast() throws NamingException {
        return (HazelcastInstance) new InitialContext().lookup(HAZELCAST);
    }

    /** Ends the process from a thread of its own: the container's shutdown waits for this bean. */
    private void exit() {
        if (!exiting) {
            exiting = true;
            Thread thread = new Thread(() -> System.exit(0), "understudy-exit");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Stops what still runs in order, parked: an orderly end of the process is no failure. */
    @PreDestroy
    void end() {
        NodeRuntime present = runtime;
        if (present == null) {
            return;
        }
        exiting = true;
        if (!present.recoveries().stopping()) {
            present.recoveries().stop(false, "end of the process");
        }
        long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
        try {
            while (!present.recoveries().down() && System.nanoTime() < deadline) {
                synchronized (this) {
                    wait(50);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        present.close();
    }

    private NodeRuntime present() throws RefusedException {
        NodeRuntime present = runtime;
        if (present == null) {
            throw new RefusedException(
                    ErrorCode.NOT_CONFIGURED, "This application runs without a node.");
        }
        return present;
    }

    @Override
    public ClusterView view() throws RefusedException {
        return present().views().view();
    }

    @Override
    public InfoView haInfo() throws RefusedException {
        return present().infos().ha();
    }

    @Override
    public InfoView serverInfo() throws RefusedException {
        return present().infos().server();
    }

    @Override
    public ExplanationView explain(InstanceName instance) throws RefusedException {
        return present().explanations().explain(instance);
    }

    @Override
    public DecisionsView decisions(InstanceName instance, Instant from, Instant to)
            throws RefusedException {
        return present().explanations().decisions(instance, from, to);
    }

    @Override
    public List<MoveView> moves(InstanceName instance) throws RefusedException {
        return present().moves().of(instance);
    }

    @Override
    public List<Sample> samples() {
        return Optional.ofNullable(runtime)
                .map(r -> r.measurements().samples())
                .orElse(List.of(Sample.of(Metric.NODE_UP, false)));
    }

    @Override
    public OperationView submit(OperatorCommand command) throws RefusedException {
        return present().requests().submit(command);
    }

    @Override
    public Optional<OperationView> operation(String id) {
        return Optional.ofNullable(runtime).flatMap(r -> r.requests().operation(id));
    }

    @Override
    public List<EventView> events(long after, int limit) {
        return Optional.ofNullable(runtime)
                .map(r -> r.happenings().after(after, limit))
                .orElse(List.of());
    }

    @Override
    public long lastEvent() {
        return Optional.ofNullable(runtime).map(r -> r.happenings().last()).orElse(0L);
    }

    @Override
    public ConfigurationView configuration() throws RefusedException {
        return present().configurations().view();
    }

    @Override
    public ApplyView apply(
            String document, String by, boolean dryRun, Optional<String> expectedVersion)
            throws InvalidConfigurationException, RefusedException {
        NodeRuntime present = present();
        ApplyView view = present.configurations().apply(document, by, dryRun, expectedVersion);
        if (view.applied()) {
            present.happenings().configured(view.version(), by);
        }
        return view;
    }

    @Override
    public ShapeView unpair(String group, Optional<NodeName> keep, String by)
            throws InvalidConfigurationException, RefusedException {
        return present().shapes().unpair(group, keep, by);
    }

    @Override
    public ShapeView pair(String group, NodeName joining, boolean home, String by)
            throws InvalidConfigurationException, RefusedException {
        return present().shapes().pair(group, joining, home, by);
    }

    @Override
    public RemovalView remove(NodeName member, boolean force, String by)
            throws InvalidConfigurationException, RefusedException {
        return present().departures().remove(member, force, by);
    }

    @Override
    public RemovalView admit(NodeName member, String by) throws RefusedException {
        return present().departures().admit(member, by);
    }

    @Override
    public boolean active(InstanceName instance) {
        return loop(instance).map(InstanceLoop::active).orElse(false);
    }

    @Override
    public boolean standby(InstanceName instance) {
        return loop(instance).map(l -> l.situation().able()).orElse(false);
    }

    @Override
    public boolean knows(InstanceName instance) {
        NodeRuntime present = runtime;
        return present != null
                && present.configurations().groups().stream()
                        .flatMap(g -> g.instances().stream())
                        .anyMatch(i -> i.name().equals(instance));
    }

    @Override
    public Optional<Timers> timers(InstanceName instance) {
        return Optional.ofNullable(runtime).stream()
                .flatMap(r -> r.configurations().groups().stream())
                .filter(g -> g.instances().stream().anyMatch(i -> i.name().equals(instance)))
                .map(GroupConfiguration::timers)
                .findFirst();
    }

    private Optional<InstanceLoop> loop(InstanceName instance) {
        return Optional.ofNullable(runtime).flatMap(r -> r.recoveries().loop(instance));
    }

    @Override
    public Readiness readiness() {
        NodeRuntime present = runtime;
        Readiness.Check started =
                new Readiness.Check(
                        "recovery-manager",
                        present != null,
                        present != null ? "runs" : "runs without a node");
        if (present == null) {
            return new Readiness(List.of(), List.of(started), List.of(started));
        }
        VoterState voters = present.views().voters();
        Readiness.Check store =
                new Readiness.Check(
                        "lease-store",
                        voters.phase() == VoterState.Phase.READY,
                        voters.problem().orElse("all voters are in place"));
        Readiness.Check staying =
                new Readiness.Check(
                        "not-stopping",
                        !present.recoveries().stopping(),
                        present.recoveries().stopping() ? "the node is stopping" : "stays");
        return new Readiness(List.of(started), List.of(store, staying), List.of(started));
    }

    @Override
    public void resetStore(String by) throws RefusedException {
        present().emergencies().resetStore(by);
    }

    @Override
    public void readmit(InstanceName instance, String by) throws RefusedException {
        present().emergencies().readmit(instance, by);
    }

    @Override
    public void stopNode(boolean handOver, String by) throws RefusedException {
        present().recoveries().stop(handOver, by);
    }

    @Override
    public Hold hold(HoldCommand command) throws RefusedException {
        return present().maintenance().hold(command);
    }

    @Override
    public Hold release(InstanceName instance, String by) throws RefusedException {
        return present().maintenance().release(instance, by);
    }

    @Override
    public void service(ServiceCommand command) throws RefusedException {
        present().serviceRequests().submit(command);
    }

    @Override
    public ServiceLogView serviceLog(InstanceName instance, String service, int lines, long from)
            throws RefusedException {
        return present().serviceRequests().log(instance, service, lines, from);
    }
}
