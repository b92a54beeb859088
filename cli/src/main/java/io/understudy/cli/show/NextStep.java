package io.understudy.cli.show;

import io.understudy.core.view.ClusterView;
import java.util.Locale;
import java.util.Optional;

/** The one thing to do next: what a page of state is read for. */
final class NextStep {

    private NextStep() {}

    /** Returns the sentence; empty where nothing needs to be done. */
    static Optional<String> of(ClusterView view, Words words) {
        for (ClusterView.Group group : view.groups()) {
            for (ClusterView.Instance instance : group.instances()) {
                if (instance.remedy() != null) {
                    return Optional.of(
                            words.text(
                                    "status.next",
                                    instance.remedy().toLowerCase(Locale.ROOT),
                                    instance.name(),
                                    words.of("button", why(instance))));
                }
            }
        }
        return noMajority(view, words).or(() -> byHand(view, words)).or(() -> advice(view, words));
    }

    /** Nothing else that is said helps while no majority of the voters answers. */
    private static Optional<String> noMajority(ClusterView view, Words words) {
        return view.groups().stream()
                .flatMap(g -> g.instances().stream())
                .filter(i -> i.active() == null && i.promotableReasons() != null)
                .filter(i -> i.promotableReasons().contains("NO_MAJORITY"))
                .findFirst()
                .map(i -> words.text("status.next-advice", words.of("next", "no-majority")));
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

    private static String why(ClusterView.Instance instance) {
        return instance.actions().stream()
                .filter(a -> a.kind().equals(instance.remedy()))
                .map(ClusterView.Action::why)
                .findFirst()
                .orElse("");
    }
}
