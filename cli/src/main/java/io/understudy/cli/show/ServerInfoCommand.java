package io.understudy.cli.show;

import io.understudy.cli.Console;
import io.understudy.core.view.InfoView;
import io.understudy.core.view.SavedInfos;
import picocli.CommandLine.Command;

/** {@code understudy server-info}: the server in the fields of the health-monitor pairs. */
@Command(name = "server-info")
public final class ServerInfoCommand extends InfoCommand {

    /**
     * @param console where it shows
     */
    public ServerInfoCommand(Console console) {
        super(console, "server-info");
    }

    @Override
    InfoView of(SavedInfos saved) {
        return saved.server();
    }
}
