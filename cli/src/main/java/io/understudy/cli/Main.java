package io.understudy.cli;

import io.understudy.cli.act.AdmitCommand;
import io.understudy.cli.act.ApplyCommand;
import io.understudy.cli.act.FailoverCommand;
import io.understudy.cli.act.FallbackCommand;
import io.understudy.cli.act.HoldCommand;
import io.understudy.cli.act.PairCommand;
import io.understudy.cli.act.ReadmitCommand;
import io.understudy.cli.act.RecoverCommand;
import io.understudy.cli.act.ReleaseCommand;
import io.understudy.cli.act.RemoveCommand;
import io.understudy.cli.act.ResyncCommand;
import io.understudy.cli.act.ServiceCommand;
import io.understudy.cli.act.ServiceStartCommand;
import io.understudy.cli.act.ServiceStopCommand;
import io.understudy.cli.act.StoreCommand;
import io.understudy.cli.act.StoreResetCommand;
import io.understudy.cli.act.SwitchoverCommand;
import io.understudy.cli.act.UnpairCommand;
import io.understudy.cli.demo.DemoCommand;
import io.understudy.cli.demo.DemoWriterCommand;
import io.understudy.cli.explain.ExplainCommand;
import io.understudy.cli.explain.ReplayCommand;
import io.understudy.cli.help.CompletionCommand;
import io.understudy.cli.help.ManualCommand;
import io.understudy.cli.help.UsageErrors;
import io.understudy.cli.node.ClearCommand;
import io.understudy.cli.node.NodeCommand;
import io.understudy.cli.node.StandInCommand;
import io.understudy.cli.node.WitnessCommand;
import io.understudy.cli.show.DatabaseCommand;
import io.understudy.cli.show.DatabaseStatusCommand;
import io.understudy.cli.show.EventsCommand;
import io.understudy.cli.show.HaInfoCommand;
import io.understudy.cli.show.LogCommand;
import io.understudy.cli.show.MovesCommand;
import io.understudy.cli.show.ServerInfoCommand;
import io.understudy.cli.show.StatusCommand;
import io.understudy.cli.text.Messages;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Begins here. */
public final class Main {

    private static final String LANGUAGE = "--lang";

    private Main() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.setProperty(
                "java.util.logging.SimpleFormatter.format", "%1$tF %1$tT %4$s %5$s%6$s%n");
        System.exit(run(arguments, console(arguments)));
    }

    /** Runs the command in this process; returns its exit code. */
    public static int run(String[] arguments, Console console) {
        return commandLine(console).execute(arguments);
    }

    private static CommandLine commandLine(Console console) {
        CommandLine line = new CommandLine(new Understudy());
        line.addSubcommand(new DemoCommand(console));
        line.addSubcommand(new DemoWriterCommand(console));
        CommandLine nodes = new CommandLine(new NodeCommand(console));
        nodes.addSubcommand(new RemoveCommand(console));
        nodes.addSubcommand(new AdmitCommand(console));
        nodes.addSubcommand(new ClearCommand(console));
        line.addSubcommand(nodes);
        line.addSubcommand(new WitnessCommand(console));
        line.addSubcommand(new ApplyCommand(console));
        line.addSubcommand(new StatusCommand(console));
        line.addSubcommand(new HaInfoCommand(console));
        line.addSubcommand(new ServerInfoCommand(console));
        line.addSubcommand(new EventsCommand(console));
        line.addSubcommand(new MovesCommand(console));
        line.addSubcommand(new ExplainCommand(console));
        line.addSubcommand(new ReplayCommand(console));
        line.addSubcommand(new SwitchoverCommand(console));
        line.addSubcommand(new FailoverCommand(console));
        line.addSubcommand(new FallbackCommand(console));
        line.addSubcommand(new RecoverCommand(console));
        line.addSubcommand(new HoldCommand(console));
        line.addSubcommand(new ReleaseCommand(console));
        line.addSubcommand(new PairCommand(console));
        line.addSubcommand(new UnpairCommand(console));
        CommandLine databases = new CommandLine(new DatabaseCommand());
        databases.addSubcommand(new DatabaseStatusCommand(console));
        databases.addSubcommand(new ResyncCommand(console));
        line.addSubcommand(databases);
        CommandLine services = new CommandLine(new ServiceCommand());
        services.addSubcommand(new ServiceStartCommand(console));
        services.addSubcommand(new ServiceStopCommand(console));
        line.addSubcommand(services);
        line.addSubcommand(new LogCommand(console));
        line.addSubcommand(new StandInCommand(console));
        line.addSubcommand(new ReadmitCommand(console));
        CommandLine store = new CommandLine(new StoreCommand());
        store.addSubcommand(new StoreResetCommand(console));
        line.addSubcommand(store);
        line.addSubcommand(new CompletionCommand(console));
        line.addSubcommand(new ManualCommand(console));
        line.setResourceBundle(console.messages().bundle());
        line.setOut(new PrintWriter(console.out(), true));
        line.setErr(new PrintWriter(console.err(), true));
        line.setUsageHelpWidth(80);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((e, args) -> wrongUsage(e, console));
        line.setExecutionExceptionHandler((e, command, result) -> failed(e, console));
        return line;
    }

    private static int wrongUsage(ParameterException e, Console console) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        console.show(
                new Failure(
                        ExitCode.USAGE,
                        UsageErrors.text(e, console.messages()),
                        console.messages().text("usage.next", command)));
        return ExitCode.USAGE;
    }

    private static int failed(Exception e, Console console) throws Exception {
        if (e instanceof Failure failure) {
            console.show(failure);
            return failure.exitCode();
        }
        throw e;
    }

    private static Console console(String[] arguments) {
        Charset charset = charset();
        return new Console(
                new PrintStream(new FileOutputStream(FileDescriptor.out), false, charset),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, charset),
                Messages.of(locale(arguments)),
                System.getenv(),
                System.console() != null);
    }

    private static Locale locale(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].startsWith(LANGUAGE + "=")) {
                return Messages.locale(arguments[i].substring(LANGUAGE.length() + 1));
            }
            if (arguments[i].equals(LANGUAGE) && i + 1 < arguments.length) {
                return Messages.locale(arguments[i + 1]);
            }
            if (arguments[i].equals("--")) {
                break;
            }
        }
        return Locale.getDefault();
    }

    /**
     * The terminal's; where the locale says nothing (C, POSIX) UTF-8 rather than question marks.
     */
    private static Charset charset() {
        Charset host = Charset.forName(System.getProperty("native.encoding", "UTF-8"));
        return host.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : host;
    }
}
