package io.understudy.core.explain;

import io.understudy.core.timing.Timers;
import io.understudy.core.view.ClusterView;
import io.understudy.core.view.ExplanationView;
import io.understudy.core.view.ExplanationView.NodePart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The cluster around a pair, as a node sees it; everything is well unless said otherwise. */
final class Seen {

    private String active;
    private boolean parked;
    private ClusterView.Hold hold;
    private String alpha = "SELF";
    private String beta = "HEARD";
    private String witness = "HEARD";
    private String problem;
    private int others;
    private String witnessVersion = "1.0";
    private final List<ClusterView.Database> databases = new ArrayList<>();
    private final List<ClusterView.Service> services = new ArrayList<>();
    private final List<ClusterView.NodeState> states = new ArrayList<>();

    static Seen serving(String node) {
        Seen seen = new Seen();
        seen.active = node;
        return seen;
    }

    static Seen nobody() {
        return new Seen();
    }

    Seen from(String node) {
        alpha = node.equals("alpha") ? "SELF" : alpha.equals("SELF") ? "HEARD" : alpha;
        beta = node.equals("beta") ? "SELF" : beta.equals("SELF") ? "HEARD" : beta;
        return this;
    }

    Seen lost(String node, String contact) {
        switch (node) {
            case "alpha" -> alpha = contact;
            case "beta" -> beta = contact;
            default -> witness = contact;
        }
        problem = node + " is missing";
        return this;
    }

    /** Adds members that do not vote. */
    Seen others(int count) {
        others = count;
        return this;
    }

    Seen parked() {
        parked = true;
        return this;
    }

    Seen heldBy(String who, String why) {
        hold = new ClusterView.Hold(who, why, "09:00", "11:00", 3_600_000);
        return this;
    }

    Seen witnessRuns(String version) {
        witnessVersion = version;
        return this;
    }

    Seen failing(String node, String problem) {
        services.add(service("disk", node, "FAILED", problem, false));
        return this;
    }

    Seen stoppedByHand(String node) {
        services.add(service("web", node, "STOPPED", "it was stopped by hand", true));
        services.add(service("web", "beta", "STOPPED", null, false));
        return this;
    }

    private static ClusterView.Service service(
            String name, String node, String condition, String problem, boolean byHand) {
        return new ClusterView.Service(
                name, node, true, condition, 0, null, problem, "AUTOMATIC", byHand, null);
    }

    Seen resyncing(String node, int percent) {
        databases.add(
                new ClusterView.Database(
                        "db",
                        "postgresql",
                        node,
                        "RESYNCING",
                        "ASYNCHRONOUS",
                        false,
                        null,
                        percent,
                        null,
                        "",
                        null));
        return this;
    }

    Seen lag(String node, long bytes) {
        databases.add(
                new ClusterView.Database(
                        "db",
                        "postgresql",
                        node,
                        "PRIMARY",
                        "ASYNCHRONOUS",
                        true,
                        bytes,
                        null,
                        null,
                        "",
                        null));
        return this;
    }

    ExplanationView explain(Map<String, Long> ages, NodePart... parts) {
        ClusterView.Instance instance =
                new ClusterView.Instance(
                        "nms",
                        "alpha",
                        "beta",
                        active == null ? "alpha" : active,
                        active,
                        active,
                        2,
                        false,
                        null,
                        null,
                        "beta".equals(active) ? "PEER_DOWN" : "NORMAL",
                        parked,
                        hold,
                        "SYNCHRONOUS",
                        List.of("alpha", "beta"),
                        "beta",
                        true,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        services,
                        databases,
                        null,
                        null,
                        null,
                        List.of(),
                        null);
        ClusterView.Group group =
                new ClusterView.Group(
                        "campus",
                        "",
                        "ACTIVE_STANDBY",
                        "AUTOMATIC",
                        "MANUAL",
                        "STOP",
                        List.of("alpha", "beta"),
                        states,
                        List.of(instance),
                        Timers.FAST.byKey());
        List<ClusterView.Member> members = new ArrayList<>();
        members.add(member("alpha", alpha, "1.0"));
        members.add(member("beta", beta, "1.0"));
        members.add(member("witness", witness, witnessVersion));
        for (int i = 1; i <= others; i++) {
            members.add(
                    new ClusterView.Member(
                            "other" + i,
                            "PRIMARY",
                            "127.0.0.1",
                            "HEARD",
                            1000L,
                            null,
                            null,
                            false,
                            "1.0",
                            false,
                            false));
        }
        ClusterView view =
                new ClusterView(
                        "campus",
                        alpha.equals("SELF") ? "alpha" : "beta",
                        "1.0",
                        "2026-11-20T09:00:00Z",
                        "1.1",
                        problem == null,
                        problem,
                        members,
                        List.of(group));
        return Explainer.explain(new Observed(view, group, instance, List.of(parts), ages));
    }

    private static ClusterView.Member member(String name, String contact, String version) {
        boolean votes = contact.equals("SELF") || contact.equals("HEARD");
        return new ClusterView.Member(
                name,
                name.equals("witness") ? "WITNESS" : "PRIMARY",
                "127.0.0.1",
                contact,
                1000L,
                null,
                null,
                votes,
                votes ? version : null,
                true,
                false);
    }
}
