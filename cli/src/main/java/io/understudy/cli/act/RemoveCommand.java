package io.understudy.cli.act;

import io.understudy.cli.Console;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code understudy node remove}: a member that cannot be reached and will not come back. */
@Command(name = "remove")
public final class RemoveCommand extends MemberCommand {

    @Option(names = "--force")
    private boolean force;

    /**
     * @param console where it tells how it goes
     */
    public RemoveCommand(Console console) {
        super(console, "remove");
    }

    @Override
    Map<String, Object> body() {
        return Map.of("force", force);
    }
}
