package dev.ringside.config.command;

import dev.ringside.config.fake.FakeKernel;
import dev.ringside.config.fake.FakeReceiver;
import dev.ringside.config.fake.FakeReceiver.Happening;
import dev.ringside.config.options.ReceiverTypes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Calls `ringside` with two receivers, `alpha` and `beta`, on a kernel in which one thing happens.
final class Shell {
  final Map<String, String> environment = new HashMap<>();
  FakeKernel kernel = new FakeKernel(Set.of(), List.of(new Happening(4711)));
  boolean isTerminal;

  private final Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  Shell(Path directory) {
    this.directory = directory;
  }

  int ringside(String... args) {
    var terminal =
        new Terminal(
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, false, StandardCharsets.UTF_8),
            isTerminal,
            isTerminal,
            environment);
    var types = new ReceiverTypes(List.of(new FakeReceiver("alpha"), new FakeReceiver("beta")));
    int code = new Main(terminal, types, kernel).execute(args);
    terminal.out().flush();
    return code;
  }

  /// What came out of stdout since the beginning.
  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /// Writes a configuration file, and returns its name.
  String file(String content) throws IOException {
    var file = directory.resolve("ringside.yaml");
    Files.writeString(file, content);
    return file.toString();
  }
}
