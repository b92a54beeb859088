package io.understudy.cli.show;

import io.understudy.cli.Console;
import java.util.List;

/** Draws a page over the one before, where the output is a terminal. */
public final class Page {

    private static final String HOME = "\u001b[H";
    private static final String END_OF_LINE = "\u001b[K";
    private static final String END_OF_SCREEN = "\u001b[J";

    private final Console console;

    /**
     * @param console where to draw
     */
    public Page(Console console) {
        this.console = console;
    }

    /** Clears the screen, once before the first page. */
    public void clear() {
        if (console.terminal()) {
            console.out().print(HOME + END_OF_SCREEN);
        }
    }

    /** Draws the lines; what they do not cover is cleared. Never blank in between: no flicker. */
    public void draw(List<String> lines) {
        if (!console.terminal()) {
            lines.forEach(console.out()::println);
            console.out().println();
            console.out().flush();
            return;
        }
        StringBuilder page = new StringBuilder(HOME);
        lines.forEach(line -> page.append(line).append(END_OF_LINE).append('\n'));
        console.out().print(page.append(END_OF_SCREEN));
        console.out().flush();
    }
}
