package io.understudy.ejb.service;

import io.understudy.core.config.ServiceConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A resource agent of this host and how it is called: the environment of the Open Cluster Framework
 * (API 1.1, section 3).
 *
 * @param root the framework's directory, {@code /usr/lib/ocf} unless OCF_ROOT says otherwise
 * @param name {@code ocf:PROVIDER:TYPE}
 */
record OcfAgent(Path root, String name) {

    private static final String USUAL = "/usr/lib/ocf";

    /** Returns the agent named {@code name}, which need not be there. */
    static OcfAgent of(String name) {
        return new OcfAgent(
                Path.of(Optional.ofNullable(System.getenv("OCF_ROOT")).orElse(USUAL)), name);
    }

    private String provider() {
        return name.split(":")[1];
    }

    private String type() {
        return name.split(":")[2];
    }

    Path file() {
        return root.resolve("resource.d").resolve(provider()).resolve(type());
    }

    /**
     * @throws IOException if the agent is not there: its name, and what to do
     */
    void require() throws IOException {
        if (!Files.isExecutable(file())) {
            throw new IOException(
                    "the agent "
                            + name
                            + " is not on this host (no program "
                            + file()
                            + "); install the package that holds it, for heartbeat's:"
                            + " resource-agents");
        }
    }

    /** Returns the environment of an action. */
    Map<String, String> environment(String resource, Map<String, String> parameters) {
        Map<String, String> all = new TreeMap<>();
        all.put("OCF_ROOT", root.toString());
        all.put("OCF_RA_VERSION_MAJOR", "1");
        all.put("OCF_RA_VERSION_MINOR", "1");
        all.put("OCF_RESOURCE_INSTANCE", resource);
        all.put("OCF_RESOURCE_TYPE", type());
        all.put("OCF_RESOURCE_PROVIDER", provider());
        all.put("OCF_RESKEY_crm_feature_set", "3.17.4");
        parameters.forEach((key, value) -> all.put("OCF_RESKEY_" + key, value));
        return all;
    }

    /** Returns the environment of an action with what a cluster manager tells about it. */
    Map<String, String> environment(
            ServiceConfiguration service, String resource, String action, Duration limit) {
        Map<String, String> all = environment(resource, service.parameters());
        all.put("OCF_RESKEY_CRM_meta_name", action);
        all.put("OCF_RESKEY_CRM_meta_timeout", Long.toString(limit.toMillis()));
        all.put("OCF_RESKEY_CRM_meta_interval", "0");
        if (action.equals("monitor")) {
            all.put("OCF_CHECK_LEVEL", "0");
        }
        return all;
    }
}
