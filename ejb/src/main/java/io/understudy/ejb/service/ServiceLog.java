package io.understudy.ejb.service;

import io.understudy.core.instance.InstanceName;
import java.nio.file.Path;

/** Where the output of services is kept. */
public final class ServiceLog {

    private ServiceLog() {}

    /** Returns the log of a service below the data directory; it need not exist. */
    public static Path file(Path data, InstanceName instance, String service) {
        String name = instance + "-" + service.replaceAll("[^A-Za-z0-9._-]", "_");
        return data.resolve("logs").resolve(name + ".log");
    }
}
