package io.understudy.systemtests;

import java.io.IOException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * Gives tests one running cluster, shared by all classes. After a failure its logs are kept under
 * target/cluster-logs and the next test gets a new one, so that one failure does not cause others.
 */
final class ClusterExtension implements ParameterResolver, TestExecutionExceptionHandler {

    private static final Namespace OURS = Namespace.create(ClusterExtension.class);

    /** The cluster that is shared; JUnit closes it at the end of all classes. */
    static final class Shared implements AutoCloseable {

        private Cluster cluster;

        synchronized Cluster get() throws IOException {
            if (cluster == null) {
                cluster = Cluster.started();
            }
            return cluster;
        }

        /** Keeps the logs and ends the cluster. */
        synchronized void abandon(String name, Throwable cause) {
            if (cluster != null) {
                cluster.abandon(name, cause);
                cluster = null;
            }
        }

        @Override
        public synchronized void close() {
            if (cluster != null) {
                Cluster last = cluster;
                cluster = null;
                last.close();
            }
        }
    }

    private static Shared shared(ExtensionContext context) {
        return context.getRoot()
                .getStore(OURS)
                .getOrComputeIfAbsent("shared", key -> new Shared(), Shared.class);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Cluster.class || type == Shared.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (!Host.obstacle().isEmpty()) {
            throw new TestAbortedException(Host.obstacle());
        }
        Shared shared = shared(context);
        if (parameter.getParameter().getType() == Shared.class) {
            return shared;
        }
        try {
            return shared.get();
        } catch (IOException e) {
            throw new IllegalStateException("no cluster: " + e.getMessage(), e);
        }
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable cause)
            throws Throwable {
        if (!(cause instanceof TestAbortedException)) {
            shared(context).abandon(context.getRequiredTestMethod().getName(), cause);
        }
        throw cause;
    }
}
