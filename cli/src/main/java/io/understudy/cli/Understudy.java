package io.understudy.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command itself: without a subcommand it shows how it is used. */
@Command(
        name = "understudy",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Understudy.Version.class)
final class Understudy implements Callable<Integer> {

    @Spec private CommandSpec spec;

    /** Read by {@link Main} before anything else, since help texts depend on it. */
    @Option(names = "--lang", paramLabel = "LANGUAGE", scope = ScopeType.INHERIT)
    @SuppressWarnings("unused")
    private String language;

    @Option(names = "--help", usageHelp = true, scope = ScopeType.INHERIT)
    private boolean help;

    @Option(names = "--version", versionHelp = true)
    private boolean version;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }

    /** The version that the build wrote into the archive. */
    static final class Version implements CommandLine.IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = Understudy.class.getPackage().getImplementationVersion();
            return new String[] {"Understudy " + (version == null ? "(not packaged)" : version)};
        }
    }
}
