package dev.ringside.receivers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The workload `src/test/c/calls.c`, compiled when it is first needed. It is static, so that
/// nobody else's opens come with it and it runs in an empty root directory.
final class Calls {
  private static final Path SOURCE = Path.of("src/test/c/calls.c");
  private static final Path PROGRAM = Path.of("target/calls");

  private Calls() {}

  static synchronized Path program() throws IOException, InterruptedException {
    if (Files.exists(PROGRAM)
        && Files.getLastModifiedTime(PROGRAM).compareTo(Files.getLastModifiedTime(SOURCE)) > 0) {
      return PROGRAM.toAbsolutePath();
    }
    var compiler =
        new ProcessBuilder(
                List.of(
                    "clang",
                    "-Wall",
                    "-Wextra",
                    "-Werror",
                    "-static",
                    "-pthread",
                    "-o",
                    PROGRAM.toString(),
                    SOURCE.toString()))
            .redirectErrorStream(true)
            .start();
    String said = new String(compiler.getInputStream().readAllBytes());
    if (compiler.waitFor() != 0) throw new IOException("clang " + SOURCE + ":\n" + said);
    return PROGRAM.toAbsolutePath();
  }
}
