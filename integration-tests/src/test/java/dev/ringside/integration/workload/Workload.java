package dev.ringside.integration.workload;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A workload that has started, and waits to be told to go; meanwhile observers get ready.
public final class Workload implements AutoCloseable {
  private final Process process;
  private final BufferedReader said;
  private final Truth.Start start;

  private Workload(Process process) throws IOException {
    this.process = process;
    this.said = process.inputReader();
    var line = said.readLine();
    if (line == null) throw new IOException("the workload ended before it began");
    this.start = Truth.start(line);
  }

  /// Every way of executing a program.
  ///
  /// @param directory an empty one, for the program's files
  public static Workload execs(OwnCgroup cgroup, Path directory)
      throws IOException, InterruptedException {
    return start(cgroup, Programs.execs(), execsArguments(directory));
  }

  static String[] execsArguments(Path directory) throws IOException, InterruptedException {
    var work = workIn(directory);
    // Beside it, since the program makes links to it; and not where another user may not look.
    var target = Files.copy(Programs.target(), directory.resolve("target"));
    return new String[] {work.toString(), target.toString()};
  }

  static Path workIn(Path directory) throws IOException {
    letEverybodyEnter(directory);
    return Files.createDirectory(directory.resolve("work"));
  }

  /// Temporary directories are for their owner alone, and some cases are another user's.
  public static void letEverybodyEnter(Path directory) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /// Many execs of the smallest program, one after the other.
  public static Workload execBurst(OwnCgroup cgroup, int count)
      throws IOException, InterruptedException {
    var target = Programs.target().toString();
    return start(cgroup, Programs.execs(), "burst", Integer.toString(count), target);
  }

  /// Every way of opening a file.
  ///
  /// @param directory an empty one, for the program's files
  public static Workload opens(OwnCgroup cgroup, Path directory)
      throws IOException, InterruptedException {
    return start(cgroup, Programs.opens(), workIn(directory).toString());
  }

  /// Many opens of one file that exists.
  public static Workload openBurst(OwnCgroup cgroup, int count, Path file)
      throws IOException, InterruptedException {
    return start(cgroup, Programs.opens(), "burst", Integer.toString(count), file.toString());
  }

  /// Opens of one file that exists, at a steady rate (per second).
  public static Workload pacedOpens(OwnCgroup cgroup, int rate, int seconds, Path file)
      throws IOException, InterruptedException {
    return start(
        cgroup,
        Programs.paced(),
        Integer.toString(rate),
        Integer.toString(seconds),
        file.toString());
  }

  /// TCP connections of every kind, in a network namespace of its own.
  public static Workload connects(OwnCgroup cgroup) throws IOException, InterruptedException {
    return start(cgroup, Programs.connects());
  }

  /// A TCP connection that is open already, and stays open until this is closed.
  public static Workload heldConnection(OwnCgroup cgroup) throws IOException, InterruptedException {
    return start(cgroup, Programs.connects(), "held");
  }

  /// Many TCP connections with a request and an answer, one after the other.
  public static Workload connectBurst(OwnCgroup cgroup, int count)
      throws IOException, InterruptedException {
    return start(cgroup, Programs.connects(), "burst", Integer.toString(count));
  }

  /// TCP connections that say nothing, at a steady rate (per second).
  public static Workload pacedConnects(OwnCgroup cgroup, int rate, int count)
      throws IOException, InterruptedException {
    return start(
        cgroup, Programs.connects(), "paced", Integer.toString(rate), Integer.toString(count));
  }

  /// Two programs in turns, all with the same process id; each is told its number.
  public static Workload reuse(OwnCgroup cgroup, int count, Path one, Path other)
      throws IOException, InterruptedException {
    return start(
        cgroup, Programs.reuse(), Integer.toString(count), one.toString(), other.toString());
  }

  /// Opens that fail, once in each access mode with each of the first `errors` error numbers.
  ///
  /// @param directory an empty one, which the files seem to be in
  public static Workload failingOpens(OwnCgroup cgroup, int errors, Path directory)
      throws IOException, InterruptedException {
    return start(cgroup, Programs.failing(), directory.toString(), Integer.toString(errors));
  }

  /// So many threads that all want to execute a program at the same time; there is no such file.
  public static Workload crowdOfExecs(OwnCgroup cgroup, int threads)
      throws IOException, InterruptedException {
    return start(cgroup, Programs.crowd(), Integer.toString(threads));
  }

  /// Opens and execs, as many of each, whose names and arguments are rewritten meanwhile.
  public static Workload rewrite(OwnCgroup cgroup, int count)
      throws IOException, InterruptedException {
    return start(cgroup, Programs.rewrite(), Integer.toString(count));
  }

  private static Workload start(OwnCgroup cgroup, Path program, String... args) throws IOException {
    var command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(args));
    return new Workload(
        new ProcessBuilder(cgroup.enter(command))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  public long pid() {
    return start.pid();
  }

  /// Lets it go, waits for its end, and returns what it did.
  public Truth run() throws IOException, InterruptedException {
    process.getOutputStream().close();
    var lines = said.lines().toList();
    if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0)
      throw new IOException(
          "workload "
              + start.pid()
              + " did not end well"
              + (process.isAlive() ? "" : ": " + process.exitValue()));
    return Truth.of(start, lines);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
