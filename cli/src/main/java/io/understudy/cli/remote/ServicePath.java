package io.understudy.cli.remote;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Where REST keeps a service. */
public final class ServicePath {

    private ServicePath() {}

    /** Returns the path of a service of an instance, whatever characters their names have. */
    public static String of(String instance, String service) {
        return "/api/v1/instances/" + encoded(instance) + "/services/" + encoded(service);
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
