package io.understudy.cli.show;

import io.understudy.cli.text.Messages;
import java.util.Locale;

/** The enum names of the REST answers in the user's language; a name not known stays readable. */
final class Words {

    private final Messages messages;

    Words(Messages messages) {
        this.messages = messages;
    }

    /** Returns the word for {@code name} of the family {@code kind}; a dash for null. */
    String of(String kind, String name) {
        if (name == null || name.isEmpty()) {
            return "-";
        }
        return messages.find(kind + "." + name)
                .orElseGet(() -> name.toLowerCase(Locale.ROOT).replace('_', ' '));
    }

    /** Returns the sentence for a message key that the node sent; empty where there is none. */
    String advice(String key) {
        return key == null || key.isEmpty() ? "" : messages.find("advice." + key).orElse("");
    }

    String text(String key, Object... arguments) {
        return messages.text(key, arguments);
    }
}
