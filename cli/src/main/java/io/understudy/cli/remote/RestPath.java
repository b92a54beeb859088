package io.understudy.cli.remote;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Where REST keeps what has a name, whatever characters the name has. */
public final class RestPath {

    private static final String ROOT = "/api/v1/";

    private RestPath() {}

    /** Returns the path of an instance. */
    public static String ofInstance(String instance) {
        return ROOT + "instances/" + encoded(instance);
    }

    /** Returns the path of a service of an instance. */
    public static String ofService(String instance, String service) {
        return ofInstance(instance) + "/services/" + encoded(service);
    }

    /** Returns the path of a group. */
    public static String ofGroup(String group) {
        return ROOT + "groups/" + encoded(group);
    }

    /** Returns the path of a member of the cluster. */
    public static String ofMember(String member) {
        return ROOT + "members/" + encoded(member);
    }

    /** Returns the path of an operation that was begun. */
    public static String ofOperation(String id) {
        return ROOT + "operations/" + encoded(id);
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
