package io.understudy.cli.show;

import io.understudy.cli.Console;
import io.understudy.core.view.InfoView;
import io.understudy.core.view.SavedInfos;
import picocli.CommandLine.Command;

/** {@code understudy ha-info}: high availability in the fields of the health-monitor pairs. */
@Command(name = "ha-info")
public final class HaInfoCommand extends InfoCommand {

    /**
     * @param console where it shows
     */
    public HaInfoCommand(Console console) {
        super(console, "ha-info");
    }

    @Override
    InfoView of(SavedInfos saved) {
        return saved.ha();
    }
}
