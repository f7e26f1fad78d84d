package dev.ringside.receivers;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/// The workload `src/test/c/calls.c`. It is static, so that nobody else's opens come with it and it
/// runs in an empty root directory.
final class Calls {
  private static final CProgram PROGRAM = new CProgram("calls", "-static");

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
    return command(cgroup.enter(PROGRAM.command(words)), environment);
  }

  static List<String> command(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    return CProgram.command(command, environment);
  }

  static String program() throws IOException, InterruptedException {
    return PROGRAM.path();
  }
}
