package dev.ringside.integration.workload;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A cgroup (version 2) of a test's own. What runs in it can be told from everything else on the
/// machine, by the agent as well as by other tools.
public final class OwnCgroup implements AutoCloseable {
  private final Path hierarchy;
  private final Path directory;

  private OwnCgroup(Path hierarchy, Path directory) {
    this.hierarchy = hierarchy;
    this.directory = directory;
  }

  /// Skips the test where there is no cgroup v2 hierarchy, or none that we may write to.
  public static OwnCgroup create() throws IOException {
    var hierarchy = mountOfCgroup2();
    assumeTrue(hierarchy != null, "no cgroup v2 hierarchy is mounted");
    assumeTrue(Files.isWritable(hierarchy), "not root: may not create a cgroup in " + hierarchy);
    // createTempDirectory would ask for permissions that a cgroup directory does not take.
    var name =
        "ringside-it-" + ProcessHandle.current().pid() + "-" + Long.toString(System.nanoTime(), 36);
    return new OwnCgroup(hierarchy, Files.createDirectory(hierarchy.resolve(name)));
  }

  /// A cgroup in this one, to be closed before it.
  public OwnCgroup below(String name) throws IOException {
    return new OwnCgroup(hierarchy, Files.createDirectory(directory.resolve(name)));
  }

  /// proc_pid_mountinfo(5): the mount point is the fifth field, the type follows a lone hyphen.
  private static Path mountOfCgroup2() throws IOException {
    for (var line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      var halves = line.split(" - ", 2);
      if (halves[1].startsWith("cgroup2 ")) return Path.of(halves[0].split(" ")[4]);
    }
    return null;
  }

  /// Where it is in the file system.
  public Path directory() {
    return directory;
  }

  /// Its path in the hierarchy, as /proc/PID/cgroup shows it.
  public String path() {
    return "/" + hierarchy.relativize(directory);
  }

  /// A command that runs `command` in this cgroup: it enters before it executes, so the first thing
  /// seen in the cgroup is that exec.
  public List<String> enter(List<String> command) {
    var all = new ArrayList<>(List.of("/bin/sh", "-c", "echo $$ > \"$0\" && exec \"$@\""));
    all.add(directory.resolve("cgroup.procs").toString());
    all.addAll(command);
    return all;
  }

  /// Runs a program in this cgroup to its end, for its traces alone.
  ///
  /// @return its process id
  public long run(Path program, String... args) {
    var command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(args));
    try {
      var process = new ProcessBuilder(enter(command)).start();
      process.getOutputStream().close();
      if (process.waitFor() != 0)
        throw new IOException(
            command
                + " ended with "
                + process.exitValue()
                + ": "
                + process.errorReader().readLine());
      return process.pid();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /// Ends whatever still runs in it, and removes it.
  @Override
  public void close() throws IOException {
    var kill = directory.resolve("cgroup.kill"); // since 5.14
    if (Files.exists(kill)) Files.writeString(kill, "1");
    await("the end of " + directory)
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptionsInstanceOf(FileSystemException.class)
        .until(() -> Files.deleteIfExists(directory) || !Files.exists(directory));
  }
}
