package io.understudy.cli.act;

import io.understudy.cli.Console;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code understudy node admit}: lets a removed member take part again. */
@Command(name = "admit")
public final class AdmitCommand extends MemberCommand {

    /**
     * @param console where it tells how it goes
     */
    public AdmitCommand(Console console) {
        super(console, "admit");
    }

    @Override
    Map<String, Object> body() {
        return Map.of();
    }
}
