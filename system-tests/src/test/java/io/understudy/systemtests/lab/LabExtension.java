package io.understudy.systemtests.lab;

import java.io.IOException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * Gives the tests of a class one lab whose cluster runs. After a failure its logs are kept under
 * target/cluster-logs and the next test gets a new one. Where no lab can be made, tests are skipped
 * with the reason.
 */
final class LabExtension implements ParameterResolver, TestExecutionExceptionHandler {

    /** Looked for once, and said once. */
    private static final class Obstacle {

        private static final String FOUND = find();

        private static String find() {
            String obstacle = Lab.obstacle();
            if (!obstacle.isEmpty()) {
                System.out.println("skipped: the fault lab (LabIT): " + obstacle);
            }
            return obstacle;
        }
    }

    private static final Namespace OURS = Namespace.create(LabExtension.class);

    /** A bound was missed; the lab is as whole as ever. */
    static final class TooSlow extends AssertionError {

        private static final long serialVersionUID = 1L;

        TooSlow(String what) {
            super(what);
        }
    }

    /** The lab that is shared; JUnit closes it at the end of the class. */
    static final class Shared implements AutoCloseable {

        private Lab lab;

        synchronized Lab get() throws IOException {
            if (lab == null) {
                lab = Lab.started();
            }
            return lab;
        }

        synchronized void abandon(String name, Throwable cause) {
            if (lab != null) {
                Lab last = lab;
                lab = null;
                last.abandon(name, cause);
            }
        }

        @Override
        public synchronized void close() {
            if (lab != null) {
                Lab last = lab;
                lab = null;
                last.close();
            }
        }
    }

    private static Shared shared(ExtensionContext context) {
        // The store of the class, which ends with it: other classes need the processor.
        ExtensionContext ofClass =
                context.getTestMethod().isPresent() ? context.getParent().orElseThrow() : context;
        return ofClass.getStore(OURS)
                .getOrComputeIfAbsent("shared", key -> new Shared(), Shared.class);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Lab.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        String obstacle = Obstacle.FOUND;
        if (!obstacle.isEmpty()) {
            throw new TestAbortedException(obstacle);
        }
        try {
            return shared(context).get();
        } catch (IOException e) {
            throw new IllegalStateException("no lab: " + e.getMessage(), e);
        }
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable cause)
            throws Throwable {
        if (!(cause instanceof TestAbortedException || cause instanceof TooSlow)) {
            shared(context).abandon("lab-" + context.getDisplayName(), cause);
        }
        throw cause;
    }
}
