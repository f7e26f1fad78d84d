package dev.ringside.config.command;

import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/// One thing that `ringside` does.
///
/// @param name as it is typed, `config check`
/// @param header what it does, in a sentence
/// @param description more of that; paragraphs are separated by an empty line
/// @param operand what may follow the options: `FILE`, `[NAME]` where it may be left out, or
///   nothing
/// @param footer examples and exit codes; its lines are kept as they are
record Command(
    String name,
    String header,
    String description,
    String operand,
    Options options,
    String footer,
    Action action) {

  /// Does it.
  interface Action {
    /// @return the exit code
    /// @throws ParseException when a value is not allowed; nothing was started
    int run(CommandLine line) throws ParseException;
  }

  boolean takesOperand() {
    return !operand.isEmpty();
  }

  boolean needsOperand() {
    return takesOperand() && !operand.startsWith("[");
  }
}
