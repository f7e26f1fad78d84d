package dev.ringside.config.command;

import dev.ringside.config.export.FileConfiguration;
import dev.ringside.config.file.Buffer;
import dev.ringside.config.file.ConfigurationFile;
import dev.ringside.config.options.Quantities;
import dev.ringside.config.options.ReceiverSelection;
import dev.ringside.config.options.ReceiverTypes;
import dev.ringside.config.tree.InvalidConfigurationException;
import dev.ringside.config.tree.Printable;
import dev.ringside.config.tree.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.Collectors;
import org.apache.commons.cli.Options;

/// `ringside config check FILE`
final class ConfigCommand {
  private final Terminal terminal;
  private final ReceiverTypes types;

  private ConfigCommand(Terminal terminal, ReceiverTypes types) {
    this.terminal = terminal;
    this.types = types;
  }

  static Command check(Terminal terminal, ReceiverTypes types) {
    var config = new ConfigCommand(terminal, types);
    return new Command(
        "config check",
        "Say everything that is wrong with a configuration file, each in one line.",
        "Reads the file as `ringside run --config FILE` would, with the environment variables it"
            + " refers to, and builds its exporters, but sends nothing and loads nothing.",
        "FILE",
        new Options(),
        "Exit codes: 0 nothing is wrong, 2 something is.",
        line -> config.check(Path.of(line.getArgs()[0])));
  }

  private int check(Path path) {
    var problems = new ArrayList<Problem>();
    var file = ConfigurationFile.read(path, terminal.environment(), problems);
    var selection = new ReceiverSelection(types, problems);
    file.flatMap(ConfigurationFile::receivers).ifPresent(selection::configured);
    var chosen = selection.choose();
    if (file.isEmpty() || !problems.isEmpty()) throw new InvalidConfigurationException(problems);
    try (var exporters = FileConfiguration.read(file.get())) {
      var names = chosen.stream().map(r -> r.name()).collect(Collectors.joining(", "));
      terminal.out().println(Printable.of(path + ": ok"));
      terminal.out().println("  receivers: " + (names.isEmpty() ? "none" : names));
      terminal.out().println("  exporters: " + Printable.of(Destinations.of(exporters)));
      exporters
          .buffer()
          .ifPresent(
              buffer -> terminal.out().println(Printable.of("  buffer: " + describe(buffer))));
      terminal.out().flush();
    }
    return Exit.OK;
  }

  private static String describe(Buffer buffer) {
    return buffer.directory() + ", at most " + Quantities.showBytes(buffer.maxSize());
  }
}
