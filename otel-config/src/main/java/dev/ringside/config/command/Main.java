package dev.ringside.config.command;

import dev.ringside.config.agent.Kernel;
import dev.ringside.config.options.ReceiverTypes;
import dev.ringside.config.tree.InvalidConfigurationException;
import dev.ringside.config.tree.Printable;
import dev.ringside.receivers.Nearest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/// `ringside`
public final class Main {
  private final Terminal terminal;
  private final List<Command> commands;

  Main(Terminal terminal, ReceiverTypes types, Kernel kernel) {
    this.terminal = terminal;
    commands =
        List.of(
            RunCommand.command(terminal, types, kernel),
            DoctorCommand.command(terminal, types, kernel),
            ReceiversCommand.command(terminal, types),
            ConfigCommand.check(terminal, types));
  }

  public static void main(String[] args) {
    var terminal = Terminal.ofThisProcess();
    int code = execute(terminal, args);
    terminal.out().flush();
    // Some exporters leave threads behind that would keep us for a minute.
    System.exit(code);
  }

  /// On the kernel we run on.
  static int execute(Terminal terminal, String... args) {
    var kernel = Kernel.running();
    // What it begins takes longer than all that is done until it is needed.
    if (args.length > 0 && args[0].equals("run")) kernel.prepare();
    OneLineLog.install(terminal);
    return new Main(terminal, ReceiverTypes.installed(), kernel).execute(args);
  }

  /// @return the exit code
  int execute(String... args) {
    if (args.length == 0) {
      terminal.say(Usage.of(commands, terminal.errStyle()).stripTrailing());
      return Exit.BAD_INPUT;
    }
    var words = List.of(args);
    boolean isHelp = words.getFirst().equals("help");
    if (isHelp) words = words.subList(1, words.size());
    var command = named(words);
    if (command.isEmpty()) return withoutCommand(words, isHelp);
    int words0 = command.get().name().split(" ").length;
    var rest = words.subList(words0, words.size());
    return isHelp ? help(command.get()) : run(command.get(), rest);
  }

  private Optional<Command> named(List<String> words) {
    return commands.stream()
        .filter(c -> (String.join(" ", words) + " ").startsWith(c.name() + " "))
        .findFirst();
  }

  private int withoutCommand(List<String> words, boolean isHelp) {
    var first = words.isEmpty() ? "--help" : words.getFirst();
    switch (first) {
      case "-h", "--help" -> terminal.out().print(Usage.of(commands, terminal.outStyle()));
      case "-V", "--version" -> Version.print(terminal.out());
      default -> {
        var ofTwoWords =
            commands.stream().filter(c -> c.name().startsWith(first + " ")).findFirst();
        if (ofTwoWords.isPresent()) {
          boolean asked = isHelp || words.contains("--help") || words.contains("-h");
          return asked
              ? help(ofTwoWords.get())
              : bad("", "say what to do: ringside " + ofTwoWords.get().name());
        }
        var names = commands.stream().map(Command::name).toList();
        return bad("", first + ": no such command" + Nearest.among(first, names));
      }
    }
    return Exit.OK;
  }

  private int help(Command command) {
    terminal.out().print(Usage.of(command, terminal.outStyle()));
    return Exit.OK;
  }

  private int run(Command command, List<String> args) {
    try {
      var line = parse(command, args);
      if (line.hasOption("help")) return help(command);
      if (line.hasOption("version")) {
        Version.print(terminal.out());
        return Exit.OK;
      }
      check(command, line);
      return command.action().run(line);
    } catch (UnrecognizedOptionException e) {
      var known = command.options().getOptions().stream().map(o -> "--" + o.getLongOpt()).toList();
      return bad(command.name(), e.getOption() + ": no such option" + hint(e.getOption(), known));
    } catch (ParseException e) {
      return bad(command.name(), e.getMessage());
    } catch (InvalidConfigurationException e) {
      e.problems().forEach(problem -> terminal.say(problem.toString()));
      return Exit.BAD_INPUT;
    }
  }

  private static String hint(String wrong, List<String> known) {
    var name = wrong.split("=", 2)[0].replaceFirst("^-+", "");
    var names = known.stream().map(k -> k.substring(2)).toList();
    return Nearest.to(name, names).map(n -> "; did you mean --" + n + "?").orElse("");
  }

  private static CommandLine parse(Command command, List<String> args) throws ParseException {
    var all = new Options();
    command.options().getOptions().forEach(all::addOption);
    all.addOption(Option.builder("h").longOpt("help").get());
    all.addOption(Option.builder("V").longOpt("version").get());
    return DefaultParser.builder()
        .setAllowPartialMatching(false)
        .setStripLeadingAndTrailingQuotes(false)
        .get()
        .parse(all, args.toArray(String[]::new));
  }

  private static void check(Command command, CommandLine line) throws ParseException {
    var operands = line.getArgList();
    int most = command.takesOperand() ? 1 : 0;
    if (operands.size() > most)
      throw new ParseException(operands.get(most) + ": one argument too many");
    if (command.needsOperand() && operands.isEmpty())
      throw new ParseException("which " + command.operand() + "?");
    for (var option : command.options().getOptions()) {
      boolean isList = ConfigurationOptions.REPEATED.contains(option.getLongOpt());
      long times = Arrays.stream(line.getOptions()).filter(option::equals).count();
      if (times > 1 && !isList)
        throw new ParseException("--" + option.getLongOpt() + " may be given only once");
    }
  }

  private int bad(String command, String message) {
    terminal.say("ringside: " + Printable.of(message));
    var name = command.isEmpty() ? "ringside" : "ringside " + command;
    terminal.say("`" + name + " --help` says what is allowed.");
    return Exit.BAD_INPUT;
  }
}
