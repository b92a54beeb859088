package io.understudy.cli.show;

import io.understudy.cli.text.Durations;
import io.understudy.core.view.ClusterView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The addresses of an instance: where each is, since when, and whether other hosts reach it; and
 * which ports are guarded.
 */
final class AddressLines {

    private static final int WIDTH = 80;

    private AddressLines() {}

    static List<String> lines(ClusterView.Instance instance, Words words, Style style) {
        List<String> lines = new ArrayList<>();
        if (instance.ports() != null && !instance.ports().isEmpty()) {
            ports(instance.ports(), lines, words, style);
        }
        if (instance.addresses().isEmpty()) {
            return lines;
        }
        List<ClusterView.Address> here =
                instance.addressStates() == null ? List.of() : instance.addressStates();
        if (here.isEmpty()) {
            String all = String.join(", ", instance.addresses());
            add(lines, words.text("status.addresses", all), UnaryOperator.identity());
        }
        for (ClusterView.Address address : here) {
            String where =
                    words.text(
                            "status.address-on",
                            address.address(),
                            address.node(),
                            Durations.show(address.sinceMillis()));
            add(lines, where + " " + reached(address, words), paint(address, style));
        }
        return lines;
    }

    private static void ports(
            List<ClusterView.Ports> nodes, List<String> lines, Words words, Style style) {
        String states =
                nodes.stream()
                        .map(
                                p ->
                                        p.node()
                                                + " "
                                                + words.of("gate", p.state())
                                                + (p.problem() == null
                                                        ? ""
                                                        : " (" + p.problem() + ")"))
                        .collect(Collectors.joining(", "));
        String numbers =
                nodes.get(0).ports().stream()
                        .map(String::valueOf)
                        .collect(Collectors.joining(", "));
        boolean off = nodes.stream().anyMatch(p -> "OFF".equals(p.state()));
        add(
                lines,
                words.text("status.ports", numbers, states),
                off ? style::warning : UnaryOperator.identity());
    }

    private static String reached(ClusterView.Address address, Words words) {
        boolean confirmed = "CONFIRMED".equals(address.reached());
        String details =
                Stream.of(
                                address.by(),
                                confirmed ? null : address.mac(),
                                confirmed && address.confirmedAfterMillis() != null
                                        ? Durations.show(address.confirmedAfterMillis())
                                        : null,
                                address.rival() == null
                                        ? null
                                        : words.shared("rival", Map.of("mac", address.rival())),
                                address.problem())
                        .filter(detail -> detail != null && !detail.isEmpty())
                        .collect(Collectors.joining(", "));
        String word = words.of("reached", address.reached());
        return details.isEmpty() ? word : word + " (" + details + ")";
    }

    private static UnaryOperator<String> paint(ClusterView.Address address, Style style) {
        if (address.rival() != null) {
            return style::bad;
        }
        return switch (String.valueOf(address.reached())) {
            case "CONFIRMED" -> style::good;
            case "ELSEWHERE", "UNHEARD" -> style::bad;
            default -> UnaryOperator.identity();
        };
    }

    private static void add(List<String> lines, String text, UnaryOperator<String> paint) {
        for (String part : Wrapping.wrap(text, WIDTH - 4)) {
            lines.add("    " + paint.apply(part));
        }
    }
}
