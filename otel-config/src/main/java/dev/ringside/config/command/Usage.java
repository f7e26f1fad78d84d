package dev.ringside.config.command;

import dev.ringside.config.console.Style;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.cli.Option;

/// What `--help` says, in lines of at most 100 columns.
final class Usage {
  private static final int WIDTH = 100;
  private static final int INDENT = 28;
  private static final List<String> STANDARD =
      List.of(
          "  -h, --help                Show this help message and exit.",
          "  -V, --version             Print version information and exit.");

  private final Style style;
  private final StringBuilder text = new StringBuilder();

  private Usage(Style style) {
    this.style = style;
  }

  static String of(Command command, Style style) {
    var usage = new Usage(style);
    boolean hasOptions = !command.options().getOptions().isEmpty();
    usage.line(command.header());
    var operand = command.takesOperand() ? " " + command.operand() : "";
    usage.line(
        "Usage: "
            + style.bold("ringside " + command.name())
            + (hasOptions ? " [OPTION...]" : "")
            + operand);
    usage.line("");
    if (!command.description().isEmpty()) {
      for (var paragraph : command.description().split("\n\n")) {
        usage.wrapped(paragraph, 0);
        usage.line("");
      }
    }
    command.options().getOptions().stream()
        .sorted(Comparator.comparing(Option::getLongOpt))
        .forEach(usage::option);
    STANDARD.forEach(usage::line);
    usage.line("");
    usage.line(command.footer());
    return usage.text.toString();
  }

  /// Of `ringside` itself.
  static String of(List<Command> commands, Style style) {
    var usage = new Usage(style);
    usage.line(
        "Kernel signals as OpenTelemetry: programs that start and end, files that are opened.");
    usage.line("Usage: " + style.bold("ringside") + " COMMAND");
    usage.line("");
    usage.line("Start with `ringside run`, or with `ringside doctor` if it does not.");
    usage.line("");
    STANDARD.forEach(usage::line);
    usage.line("Commands:");
    for (var command : commands) {
      usage.line(
          "  " + style.bold(command.name()) + padding(command.name(), 14) + command.header());
    }
    usage.line("");
    usage.line("`ringside COMMAND --help` says more about one of them.");
    usage.line("Exit codes: 0 ok, 1 something that was asked for cannot run, 2 bad input.");
    return usage.text.toString();
  }

  private void option(Option option) {
    var value = option.hasArg() ? "=" + option.getArgName() : "";
    var name = "--" + option.getLongOpt();
    text.append("      ").append(style.bold(name)).append(value);
    if (6 + name.length() + value.length() < INDENT - 1) {
      text.append(padding(name + value, INDENT - 6));
    } else {
      text.append('\n').append(" ".repeat(INDENT));
    }
    wrapped(option.getDescription(), INDENT);
  }

  /// From the current column, which is `indent`; further lines are indented as much.
  private void wrapped(String paragraph, int indent) {
    int column = indent;
    for (var word : paragraph.split(" ")) {
      if (column > indent && column + 1 + word.length() > WIDTH) {
        text.append('\n').append(" ".repeat(indent));
        column = indent;
      } else if (column > indent) {
        text.append(' ');
        column++;
      }
      text.append(word);
      column += word.length();
    }
    text.append('\n');
  }

  private static String padding(String after, int width) {
    return " ".repeat(Math.max(1, width - after.length()));
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
