package io.understudy.cli.show;

import io.understudy.core.view.ClusterView;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The one thing to do next: what a page of state is read for. */
final class NextStep {

    /** What mends, in the order of urgency; moving what runs well is nobody's next step. */
    private static final List<String> REMEDIES = List.of("RECOVER", "FAILOVER", "FALLBACK");

    private NextStep() {}

    /** Returns the sentence; empty where nothing needs to be done. */
    static Optional<String> of(ClusterView view, Words words) {
        for (String remedy : REMEDIES) {
            for (ClusterView.Group group : view.groups()) {
                for (ClusterView.Instance instance : group.instances()) {
                    Optional<ClusterView.Action> offered = offered(instance, remedy);
                    if (offered.isPresent()) {
                        return Optional.of(
                                words.text(
                                        "status.next",
                                        remedy.toLowerCase(Locale.ROOT),
                                        instance.name(),
                                        words.of("button", offered.get().why())));
                    }
                }
            }
        }
        return byHand(view, words).or(() -> advice(view, words));
    }

    /** What an operator began and has to end: a hold, a service stopped by hand. */
    private static Optional<String> byHand(ClusterView view, Words words) {
        for (ClusterView.Group group : view.groups()) {
            for (ClusterView.Instance instance : group.instances()) {
                if (instance.hold() != null) {
                    return Optional.of(words.text("status.next-release", instance.name()));
                }
                Optional<ClusterView.Service> stopped = instance.stoppedByHand();
                if (stopped.isPresent()) {
                    return Optional.of(
                            words.text(
                                    "status.next-service", instance.name(), stopped.get().name()));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> advice(ClusterView view, Words words) {
        return view.groups().stream()
                .flatMap(g -> g.states().stream())
                .map(s -> words.advice(s.advice()))
                .filter(a -> !a.isEmpty())
                .findFirst()
                .map(a -> words.text("status.next-advice", a));
    }

    /** A failover is the next step only where nobody serves. */
    private static Optional<ClusterView.Action> offered(
            ClusterView.Instance instance, String remedy) {
        if (instance.actions() == null || remedy.equals("FAILOVER") && instance.active() != null) {
            return Optional.empty();
        }
        return instance.actions().stream()
                .filter(a -> a.offered() && a.kind().equals(remedy))
                .findFirst();
    }
}
