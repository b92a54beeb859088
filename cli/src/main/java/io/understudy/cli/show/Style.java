package io.understudy.cli.show;

import io.understudy.cli.Console;

/** Colours, where the output is a terminal and NO_COLOR is not set; never the only carrier. */
final class Style {

    private final boolean on;

    private Style(boolean on) {
        this.on = on;
    }

    static Style of(Console console) {
        return new Style(console.terminal() && !console.environment().containsKey("NO_COLOR"));
    }

    /** Returns one without colours. */
    static Style plain() {
        return new Style(false);
    }

    String good(String text) {
        return paint("32", text);
    }

    String warning(String text) {
        return paint("33", text);
    }

    String bad(String text) {
        return paint("31;1", text);
    }

    String strong(String text) {
        return paint("1", text);
    }

    String faint(String text) {
        return paint("2", text);
    }

    String severity(String severity, String text) {
        return switch (severity) {
            case "ALARM" -> bad(text);
            case "WARNING" -> warning(text);
            default -> text;
        };
    }

    private String paint(String code, String text) {
        return on ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
