package io.understudy.web.text;

import java.util.List;
import java.util.Map;

/**
 * The texts of the status page.
 *
 * @param language in which they are, a language tag
 * @param languages which languages there are, in the order in which to offer them
 * @param texts by key; {@code {name}} stands for what the page fills in
 */
public record TextsView(String language, List<Choice> languages, Map<String, String> texts) {

    /** A language and its name in itself. */
    public record Choice(String tag, String name) {}
}
