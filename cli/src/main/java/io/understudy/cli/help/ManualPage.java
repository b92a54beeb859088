package io.understudy.cli.help;

import io.understudy.cli.text.Messages;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The manual page in the language of man(7), made from the command's own description: what {@code
 * --help} says and what the page says cannot differ.
 */
final class ManualPage {

    private static final List<String> EXIT_CODES = List.of("0", "1", "2", "3", "4");
    private static final List<String> VARIABLES =
            List.of("UNDERSTUDY_URL", "UNDERSTUDY_TOKEN_FILE", "NO_COLOR");

    private final Messages messages;
    private final List<String> lines = new ArrayList<>();

    private ManualPage(Messages messages) {
        this.messages = messages;
    }

    /** Returns the lines of the page about {@code whole} and all its visible subcommands. */
    static List<String> lines(CommandLine whole, Messages messages) {
        ManualPage page = new ManualPage(messages);
        CommandSpec spec = whole.getCommandSpec();
        page.lines.add(".TH UNDERSTUDY 1 \"\" \"Understudy\"");
        page.section("manual.name");
        page.lines.add("understudy \\- " + text(header(spec)));
        page.section("manual.synopsis");
        page.lines.add(".B understudy");
        page.lines.add(".I COMMAND");
        page.lines.add("[\\fIOPTIONS\\fR]");
        page.section("manual.commands");
        page.commands(whole, "");
        page.section("manual.options");
        spec.options().forEach(page::option);
        page.section("manual.exit");
        for (String code : EXIT_CODES) {
            page.item("\\fB" + code + "\\fR", messages.text("manual.exit." + code));
        }
        page.section("manual.environment");
        for (String variable : VARIABLES) {
            page.item("\\fB" + variable + "\\fR", messages.text("manual.env." + variable));
        }
        return page.lines;
    }

    private void commands(CommandLine line, String before) {
        for (Map.Entry<String, CommandLine> sub : line.getSubcommands().entrySet()) {
            CommandSpec spec = sub.getValue().getCommandSpec();
            if (spec.usageMessage().hidden()) {
                continue;
            }
            String name = before + sub.getKey();
            lines.add(".SS \"" + name + synopsis(spec) + "\"");
            lines.add(text(header(spec)));
            if (sub.getValue().getSubcommands().isEmpty()) {
                spec.positionalParameters().forEach(this::parameter);
                spec.options().stream().filter(o -> !o.inherited()).forEach(this::option);
            }
            commands(sub.getValue(), name + " ");
        }
    }

    private static String synopsis(CommandSpec spec) {
        StringBuilder words = new StringBuilder();
        spec.positionalParameters().stream()
                .filter(p -> !p.hidden())
                .forEach(p -> words.append(' ').append(p.paramLabel()));
        return words.toString();
    }

    private void parameter(PositionalParamSpec parameter) {
        if (!parameter.hidden()) {
            item(
                    "\\fI" + text(parameter.paramLabel()) + "\\fR",
                    String.join(" ", parameter.description()));
        }
    }

    private void option(OptionSpec option) {
        if (!option.hidden()) {
            String value = option.arity().max() == 0 ? "" : " \\fI" + option.paramLabel() + "\\fR";
            item(
                    "\\fB" + text(String.join(", ", option.names())) + "\\fR" + value,
                    String.join(" ", option.description()));
        }
    }

    private void section(String key) {
        lines.add(".SH \"" + messages.text(key) + "\"");
    }

    private void item(String tag, String description) {
        lines.add(".TP");
        lines.add(tag);
        lines.add(text(description));
    }

    private static String header(CommandSpec spec) {
        return String.join(" ", spec.usageMessage().header());
    }

    /** Takes from a text what troff would take as a request. */
    private static String text(String plain) {
        String one = plain.replaceAll("\\s+", " ").strip().replace("\\", "\\e").replace("-", "\\-");
        return one.startsWith(".") || one.startsWith("'") ? "\\&" + one : one;
    }
}
