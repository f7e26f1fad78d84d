package dev.ringside.integration.benchmark;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.integration.agent.Packaged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// The programs that are compared.
final class Observers {
  private Observers() {}

  /// Ringside as it is packaged: a folder with a runtime of its own and an AOT cache.
  static List<String> ringside(String... args) {
    var program = Path.of("../otel-config/target/ringside/bin/ringside").toAbsolutePath();
    assumeTrue(
        Files.isExecutable(program), "Ringside is not packaged here; ./ringside package does it");
    return with(List.of(program.normalize().toString()), args);
  }

  /// Ringside as `./ringside run` starts it, from what was built.
  static List<String> built(String... args) throws IOException {
    return with(Packaged.command(), args);
  }

  private static List<String> with(List<String> program, String... args) {
    var command = new ArrayList<>(program);
    command.addAll(List.of(args));
    return command;
  }

  /// A program of libbpf-tools.
  static List<String> libbpfTool(String name, String... args) {
    var tool = Path.of("/usr/sbin", name);
    assumeTrue(
        Files.isExecutable(tool),
        name + " is not installed (Debian: libbpf-tools), so there is nothing to compare with");
    return with(List.of(tool.toString()), args);
  }

  /// Starts Ringside and waits until a receiver runs.
  static Observer startRingside(
      Path directory, Map<String, String> environment, String receiver, List<String> command)
      throws IOException {
    var running = Pattern.compile("ringside: runs +" + receiver + "(:.*)?").asMatchPredicate();
    var observer = Observer.start(directory, environment, command);
    try {
      return observer.awaitSaid(running);
    } catch (RuntimeException | Error e) {
      observer.close();
      throw e;
    }
  }

  /// Starts a peer and waits until it has attached.
  static Observer startPeer(Path directory, List<String> command) throws IOException {
    var observer = Observer.start(directory, Map.of(), command);
    try {
      return observer.awaitAttached();
    } catch (RuntimeException | Error e) {
      observer.close();
      throw e;
    }
  }
}
