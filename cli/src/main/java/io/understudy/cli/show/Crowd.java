package io.understudy.cli.show;

import io.understudy.core.view.ClusterView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Divides the instances of a large group into those to be shown and those of which a number says
 * enough: served, ready to be taken over, nothing about them to do or to know.
 *
 * @param shown in the order of the group
 * @param others how many more each node serves well, by node
 * @param left how many more that are not well there was no room for
 */
record Crowd(List<ClusterView.Instance> shown, Map<String, Integer> others, int left) {

    /** A group of so many is still shown in full. */
    private static final int FEW = 6;

    /** So many that are not well are shown of a larger one. */
    private static final int MOST = 10;

    static Crowd of(List<ClusterView.Instance> instances) {
        if (instances.size() <= FEW) {
            return new Crowd(instances, Map.of(), 0);
        }
        List<ClusterView.Instance> shown = new ArrayList<>();
        Map<String, Integer> others = new TreeMap<>();
        int left = 0;
        for (ClusterView.Instance instance : instances) {
            if (isWell(instance)) {
                others.merge(instance.active(), 1, Integer::sum);
            } else if (shown.size() < MOST) {
                shown.add(instance);
            } else {
                left++;
            }
        }
        return new Crowd(shown, others, left);
    }

    private static boolean isWell(ClusterView.Instance instance) {
        boolean quiet = !instance.parked() && instance.hold() == null && !instance.provisional();
        boolean servicesRun =
                instance.services().stream()
                        .filter(s -> s.node().equals(instance.active()))
                        .allMatch(s -> s.condition().equals("RUNNING"));
        boolean databasesFine =
                instance.databases().stream().allMatch(d -> Objects.isNull(d.problem()));
        return instance.active() != null
                && instance.promotable()
                && quiet
                && servicesRun
                && databasesFine;
    }
}
