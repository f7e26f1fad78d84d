package dev.ringside.receivers;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The workload `src/test/c/calls.c`, compiled when it is first needed. It is static, so that
/// nobody else's opens come with it and it runs in an empty root directory.
final class Calls {
  private static final Path SOURCE = Path.of("src/test/c/calls.c");
  private static final Path PROGRAM = Path.of("target/calls");

  private Calls() {}

  /// Does what `words` say, in a cgroup. The first thing that is seen in it is the exec of `calls`.
  ///
  /// @param words with blanks between them
  /// @return what it printed, line by line, and its exit status last
  static List<String> run(OwnCgroup cgroup, String words) throws IOException, InterruptedException {
    return run(cgroup, words, Map.of());
  }

  static List<String> run(OwnCgroup cgroup, String words, Map<String, String> environment)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(program()));
    command.addAll(List.of(words.split(" ")));
    return command(cgroup.enter(command), environment);
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

  static synchronized String program() throws IOException, InterruptedException {
    if (!Files.exists(PROGRAM)
        || Files.getLastModifiedTime(PROGRAM).compareTo(Files.getLastModifiedTime(SOURCE)) < 0) {
      compile();
    }
    return PROGRAM.toAbsolutePath().toString();
  }

  private static void compile() throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("clang", "-Wall", "-Wextra", "-Werror", "-static"));
    command.addAll(List.of("-pthread", "-o", PROGRAM.toString(), SOURCE.toString()));
    var compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(compiler.getInputStream().readAllBytes());
    if (compiler.waitFor() != 0) throw new IOException("clang " + SOURCE + ":\n" + said);
  }
}
