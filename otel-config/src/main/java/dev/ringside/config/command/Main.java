package dev.ringside.config.command;

import dev.ringside.config.agent.Kernel;
import dev.ringside.config.console.Style;
import dev.ringside.config.options.ReceiverTypes;
import dev.ringside.config.tree.InvalidConfigurationException;
import dev.ringside.config.tree.Printable;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;

/// `ringside`
@Command(
    name = "ringside",
    header = "Kernel signals as OpenTelemetry: programs that start and end, files that are opened.",
    description = {"", "Start with `ringside run`, or with `ringside doctor` if it does not.", ""},
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "`ringside COMMAND --help` says more about one of them.",
      "Exit codes: 0 ok, 1 something that was asked for cannot run, 2 bad input."
    })
public final class Main {
  private final CommandLine line;
  private final Terminal terminal;

  Main(Terminal terminal, ReceiverTypes types, Kernel kernel) {
    this.terminal = terminal;
    var config = new ConfigCommand(terminal, types);
    line =
        new CommandLine(this)
            .addSubcommand(new RunCommand(terminal, types, kernel))
            .addSubcommand(new DoctorCommand(terminal, types, kernel))
            .addSubcommand(new ReceiversCommand(terminal, types))
            .addSubcommand(new CommandLine(config).addSubcommand(config.check()))
            .addSubcommand(new CommandLine.HelpCommand());
    helpForAll(line);
    line.setOut(new PrintWriter(terminal.out(), true));
    line.setErr(new PrintWriter(terminal.err(), true));
    line.setUsageHelpWidth(100);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    boolean isColoured = terminal.outStyle() != Style.PLAIN;
    line.setColorScheme(CommandLine.Help.defaultColorScheme(isColoured ? Ansi.ON : Ansi.OFF));
    line.setParameterExceptionHandler(this::badInput);
    line.setExecutionExceptionHandler((e, command, parsed) -> failed(e));
  }

  private static void helpForAll(CommandLine command) {
    command.getCommandSpec().mixinStandardHelpOptions(true);
    command.getSubcommands().values().forEach(Main::helpForAll);
  }

  public static void main(String[] args) {
    var terminal = Terminal.ofThisProcess();
    OneLineLog.install(terminal);
    int code = new Main(terminal, ReceiverTypes.installed(), Kernel.running()).execute(args);
    terminal.out().flush();
    // Some exporters leave threads behind that would keep us for a minute.
    System.exit(code);
  }

  /// @return the exit code
  int execute(String... args) {
    if (args.length == 0) {
      line.usage(line.getErr());
      return Exit.BAD_INPUT;
    }
    return line.execute(args);
  }

  private int badInput(CommandLine.ParameterException e, String[] args) {
    terminal.say("ringside: " + Printable.of(String.valueOf(e.getMessage())));
    var name = e.getCommandLine().getCommandSpec().qualifiedName();
    terminal.say("`" + name + " --help` says what is allowed.");
    return Exit.BAD_INPUT;
  }

  private int failed(Exception e) throws Exception {
    if (!(e instanceof InvalidConfigurationException invalid)) throw e;
    invalid.problems().forEach(problem -> terminal.say(problem.toString()));
    return Exit.BAD_INPUT;
  }
}
