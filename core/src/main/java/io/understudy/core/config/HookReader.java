package io.understudy.core.config;

import io.understudy.core.config.Hook.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code hooks} of an instance. */
final class HookReader {

    private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(5);
    private static final Duration LEAST_LIMIT = Duration.ofMillis(100);
    private static final Duration MOST_LIMIT = Duration.ofSeconds(60);

    private HookReader() {}

    static List<Hook> read(Section instance) {
        Optional<Section> section = instance.section("hooks");
        List<Hook> hooks = new ArrayList<>();
        if (section.isPresent()) {
            for (Moment moment : Moment.values()) {
                section.get()
                        .section(Section.wordOf(moment))
                        .flatMap(one -> hook(one, moment))
                        .ifPresent(hooks::add);
            }
            section.get().end();
        }
        return hooks;
    }

    private static Optional<Hook> hook(Section section, Moment moment) {
        int before = section.problems().size();
        List<String> run = section.texts("run");
        if (run.isEmpty() && section.problems().size() == before) {
            section.report(
                    "run", "is missing", "write the command as a list, like [\"/etc/dns-update\"]");
        } else if (!run.isEmpty() && !run.get(0).startsWith("/")) {
            section.report(
                    "run",
                    "begins with '" + run.get(0) + "'",
                    "write the program's whole path: no shell looks for it");
        }
        Duration limit = section.duration("limit", LEAST_LIMIT, MOST_LIMIT, DEFAULT_LIMIT);
        boolean required = section.flag("required", false);
        if (required && moment != Moment.BEFORE_START) {
            section.report(
                    "required",
                    "is true for " + Section.wordOf(moment),
                    "remove it: only before-start may keep an instance from a node; nothing may"
                            + " keep one from stopping");
        }
        section.end();
        return section.problems().size() == before
                ? Optional.of(new Hook(moment, run, limit, required))
                : Optional.empty();
    }
}
