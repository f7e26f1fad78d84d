package dev.ringside.integration.workload;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The programs of `workload/`, compiled when a test first needs them. They are static: no dynamic
/// loader opens files on their behalf.
public final class Programs {
  private static final Path SOURCES = Path.of("workload").toAbsolutePath();
  private static final Path OUT = Path.of("target/workload").toAbsolutePath();

  private Programs() {}

  /// Executes programs in every way, or in a burst.
  public static Path execs() throws IOException, InterruptedException {
    return compiled("execs", "-O1", "-pthread");
  }

  /// Opens files in every way, or in a burst.
  public static Path opens() throws IOException, InterruptedException {
    return compiled("opens", "-O1", "-pthread");
  }

  /// Opens files at a steady rate.
  public static Path paced() throws IOException, InterruptedException {
    return compiled("paced", "-O1");
  }

  /// Connects to itself in every way, or many times.
  public static Path connects() throws IOException, InterruptedException {
    return compiled("connects", "-O1", "-pthread");
  }

  /// Programs that all have the same process id, one after the other.
  public static Path reuse() throws IOException, InterruptedException {
    return compiled("reuse", "-O1");
  }

  /// Names and arguments that change while they are read.
  public static Path rewrite() throws IOException, InterruptedException {
    return compiled("rewrite", "-O1", "-pthread");
  }

  /// Opens files that fail in every way.
  public static Path failing() throws IOException, InterruptedException {
    return compiled("failing", "-O1");
  }

  /// Many threads in one system call at the same time.
  public static Path crowd() throws IOException, InterruptedException {
    return compiled("crowd", "-O1", "-pthread");
  }

  /// Programs of many users, names, paths and commands.
  public static Path kinds() throws IOException, InterruptedException {
    return compiled("kinds", "-O1");
  }

  /// Counts the instructions of a guest.
  public static Path instructions() throws IOException, InterruptedException {
    return compiled("instructions", "-O1");
  }

  /// Suspends the machine.
  public static Path suspends() throws IOException, InterruptedException {
    return compiled("suspends", "-O1");
  }

  /// Takes OTLP over HTTP and keeps it.
  public static Path receive() throws IOException, InterruptedException {
    return compiled("receive", "-O1");
  }

  /// The smallest program worth executing.
  public static Path target() throws IOException, InterruptedException {
    // Without a C library there is nobody to call for a loop that looks like strlen.
    return compiled(
        "target",
        "-O2",
        "-nostdlib",
        "-ffreestanding",
        "-fno-stack-protector",
        "-fno-tree-loop-distribute-patterns");
  }

  private static synchronized Path compiled(String name, String... options)
      throws IOException, InterruptedException {
    var program = Files.createDirectories(OUT).resolve(name);
    if (Files.exists(program) && Files.getLastModifiedTime(program).compareTo(newestSource()) > 0)
      return program;
    assumeTrue(
        Arrays.stream(System.getenv("PATH").split(":"))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "cc"))),
        "no C compiler (cc) is installed, so there is no workload to observe");
    var command = new ArrayList<>(List.of("cc", "-Wall", "-Wextra", "-Werror", "-static"));
    command.addAll(List.of(options));
    command.addAll(List.of("-o", program.toString(), SOURCES.resolve(name + ".c").toString()));
    var cc = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(cc.getInputStream().readAllBytes());
    if (cc.waitFor() != 0) throw new IOException(String.join(" ", command) + ":\n" + said);
    return program;
  }

  private static FileTime newestSource() throws IOException {
    try (Stream<Path> sources = Files.list(SOURCES)) {
      var newest = FileTime.fromMillis(0);
      for (var source : sources.toList()) {
        var time = Files.getLastModifiedTime(source);
        if (time.compareTo(newest) > 0) newest = time;
      }
      return newest;
    }
  }
}
