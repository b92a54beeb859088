package io.understudy.web;

import io.understudy.ejb.control.NodeControl;
import io.understudy.web.cluster.ClusterResource;
import io.understudy.web.configuration.ConfigurationResource;
import io.understudy.web.event.EventResource;
import io.understudy.web.event.EventStream;
import io.understudy.web.event.EventStreams;
import io.understudy.web.event.EventWaiters;
import io.understudy.web.group.GroupResource;
import io.understudy.web.instance.ExplanationResource;
import io.understudy.web.instance.HoldResource;
import io.understudy.web.instance.InstanceResource;
import io.understudy.web.instance.MoveResource;
import io.understudy.web.instance.ServiceResource;
import io.understudy.web.json.BodyLimit;
import io.understudy.web.json.JsonBody;
import io.understudy.web.member.MemberResource;
import io.understudy.web.node.FakeNodeControl;
import io.understudy.web.node.NodeResource;
import io.understudy.web.node.NodeSource;
import io.understudy.web.operation.OperationResource;
import io.understudy.web.problem.ProblemMapper;
import io.understudy.web.security.AdminToken;
import io.understudy.web.security.Admission;
import io.understudy.web.security.FailedAttempts;
import io.understudy.web.security.TokenFilter;
import io.understudy.web.store.StoreResource;
import io.understudy.web.text.TextResource;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.grizzly.servlet.ServletRegistration;
import org.glassfish.grizzly.servlet.WebappContext;
import org.glassfish.hk2.utilities.binding.AbstractBinder;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.servlet.ServletContainer;

/** The resources and providers of this module on a bare HTTP server, with a fake node behind. */
final class RestServer implements AutoCloseable {

    static final String TOKEN = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    final FakeNodeControl node = new FakeNodeControl();

    private final HttpServer http = new HttpServer();
    private final WebappContext context = new WebappContext("understudy");
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(
                    task -> new Thread(task, "test-event-waiters"));
    final EventStreams streams = new EventStreams(executor);
    private final NetworkListener listener;

    RestServer(Path tokenFile) throws IOException {
        listener = new NetworkListener("rest", "127.83.1.1", 0);
        http.addListener(listener);
        ServletRegistration servlet =
                context.addServlet("rest", new ServletContainer(configuration(tokenFile)));
        servlet.addMapping("/api/v1/*");
        servlet.setAsyncSupported(true);
        ServletRegistration stream =
                context.addServlet(
                        "events",
                        new EventStream(new FixedSource(node), admission(tokenFile), streams));
        stream.addMapping(EventStream.PATH);
        stream.setAsyncSupported(true);
        context.deploy(http);
        http.start();
    }

    private static Admission admission(Path tokenFile) {
        return new Admission(new AdminToken(() -> Optional.of(tokenFile)), new FailedAttempts());
    }

    private ResourceConfig configuration(Path tokenFile) {
        ResourceConfig config =
                new ResourceConfig(
                        ClusterResource.class,
                        ConfigurationResource.class,
                        EventResource.class,
                        GroupResource.class,
                        InstanceResource.class,
                        ServiceResource.class,
                        ExplanationResource.class,
                        MoveResource.class,
                        HoldResource.class,
                        MemberResource.class,
                        NodeResource.class,
                        OperationResource.class,
                        StoreResource.class,
                        TextResource.class,
                        JsonBody.class,
                        BodyLimit.class,
                        ProblemMapper.class,
                        TokenFilter.class);
        config.addProperties(new Api().getProperties());
        return config.register(
                new AbstractBinder() {
                    @Override
                    protected void configure() {
                        bind(new FixedSource(node)).to(NodeSource.class);
                        bind(new EventWaiters(executor)).to(EventWaiters.class);
                        bind(admission(tokenFile)).to(Admission.class);
                    }
                });
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.83.1.1:" + listener.getPort() + "/api/v1" + path))
                .timeout(Duration.ofSeconds(20));
    }

    HttpRequest.Builder operator(String path) {
        return request(path).header("Authorization", "Bearer " + TOKEN);
    }

    HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<InputStream> open(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    CompletableFuture<HttpResponse<String>> sendLater(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(operator(path));
    }

    HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return send(
                operator(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    HttpResponse<String> delete(String path) throws IOException, InterruptedException {
        return send(operator(path).header("X-Operator", "ann").DELETE());
    }

    HttpResponse<String> put(String path, String yaml) throws IOException, InterruptedException {
        return send(
                operator(path)
                        .header("Content-Type", "application/yaml")
                        .PUT(HttpRequest.BodyPublishers.ofString(yaml)));
    }

    @Override
    public void close() {
        context.undeploy();
        http.shutdownNow();
        executor.shutdownNow();
    }

    private static final class FixedSource extends NodeSource {

        private final NodeControl node;

        private FixedSource(NodeControl node) {
            this.node = node;
        }

        @Override
        public Optional<NodeControl> ifPresent() {
            return Optional.of(node);
        }
    }
}
