package io.understudy.cli.help;

import io.understudy.cli.text.Messages;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong in a command line, in the user's language: picocli says it in English only. */
public final class UsageErrors {

    private UsageErrors() {}

    /** Returns one sentence with the word that is wrong. */
    public static String text(ParameterException e, Messages messages) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            return unmatched(unmatched, messages);
        }
        if (e instanceof MissingParameterException missing) {
            return missing(missing, messages);
        }
        if (e instanceof OverwrittenOptionException twice) {
            return messages.text("usage.twice", name(twice.getOverwritten()));
        }
        if (e.getArgSpec() != null && e.getValue() != null) {
            return messages.text("usage.value", e.getValue(), name(e.getArgSpec()));
        }
        // What remains are mistakes in this program, not in the command line.
        return messages.text("usage.other", e.getMessage());
    }

    private static String unmatched(UnmatchedArgumentException e, Messages messages) {
        String words = String.join(" ", e.getUnmatched());
        List<String> meant = e.getSuggestions();
        String key = e.isUnknownOption() ? "usage.unknown-option" : "usage.unknown";
        return messages.text(key, words)
                + (meant.isEmpty() ? "" : " " + messages.text("usage.meant", meant.get(0)));
    }

    private static String missing(MissingParameterException e, Messages messages) {
        List<ArgSpec> missing = e.getMissing();
        boolean values =
                !missing.isEmpty() && missing.stream().allMatch(a -> a.isOption() && !a.required());
        String names = missing.stream().map(UsageErrors::name).collect(Collectors.joining(", "));
        if (names.isEmpty()) {
            return messages.text("usage.other", e.getMessage());
        }
        return messages.text(values ? "usage.missing-value" : "usage.missing", names);
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }
}
