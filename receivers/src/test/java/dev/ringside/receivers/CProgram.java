package dev.ringside.receivers;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A workload in `src/test/c`, compiled when it is first needed. It does what its arguments say.
final class CProgram {
  private static final Path SHARED = Path.of("src/test/c/own_network.h");

  private final Path source;
  private final Path program;
  private final List<String> flags;

  CProgram(String name, String... flags) {
    source = Path.of("src/test/c/" + name + ".c");
    program = Path.of("target/" + name);
    this.flags = List.of(flags);
  }

  /// Does what `words` say, in a cgroup.
  ///
  /// @param words with blanks between them
  /// @return what it printed, line by line, and its exit status last
  List<String> run(OwnCgroup cgroup, String words) throws IOException, InterruptedException {
    return command(cgroup.enter(command(words)), Map.of());
  }

  List<String> command(String words) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(path()));
    command.addAll(List.of(words.split(" ")));
    return command;
  }

  static List<String> command(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.redirectInput(new File("/dev/null"));
    builder.environment().putAll(environment);
    var process = builder.start();
    var said = new ArrayList<>(process.inputReader().lines().toList());
    said.add(Integer.toString(process.waitFor()));
    return said;
  }

  /// Where it is.
  String path() throws IOException, InterruptedException {
    synchronized (CProgram.class) {
      if (!Files.exists(program) || isOlder(source) || isOlder(SHARED)) compile();
    }
    return program.toAbsolutePath().toString();
  }

  private boolean isOlder(Path than) throws IOException {
    return Files.getLastModifiedTime(program).compareTo(Files.getLastModifiedTime(than)) < 0;
  }

  private void compile() throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("clang", "-O1", "-Wall", "-Wextra", "-Werror"));
    command.addAll(List.of("-pthread", "-o", program.toString(), source.toString()));
    command.addAll(flags);
    var compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(compiler.getInputStream().readAllBytes());
    if (compiler.waitFor() != 0) throw new IOException("clang " + source + ":\n" + said);
  }
}
