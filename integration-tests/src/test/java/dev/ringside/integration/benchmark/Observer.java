package dev.ringside.integration.benchmark;

import dev.ringside.integration.workload.OwnCgroup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/// A program that observes, Ringside or a peer, in a cgroup of its own, so that all that it costs
/// is known. What it writes goes to files.
final class Observer implements AutoCloseable {
  private static final Duration STARTS_WITHIN = Duration.ofSeconds(60);
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(30);

  /// In a mount namespace of its own with a tracefs, which distributions mount at boot and
  /// containers lack, so that all observers find the same.
  private static final String WITH_TRACEFS =
      "mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing;"
          + " exec \"$0\" \"$@\"";

  private final OwnCgroup cgroup;
  private final Process process;
  private final Path out;
  private final Path err;

  private Observer(OwnCgroup cgroup, Process process, Path out, Path err) {
    this.cgroup = cgroup;
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /// Starts it, with nothing of OpenTelemetry in its environment but what is given.
  ///
  /// @param directory for its output
  static Observer start(Path directory, Map<String, String> environment, List<String> command)
      throws IOException {
    Files.createDirectories(directory);
    var out = directory.resolve("out");
    var err = directory.resolve("err");
    var all = new ArrayList<>(List.of("unshare", "-m", "sh", "-c", WITH_TRACEFS));
    all.addAll(command);
    var cgroup = OwnCgroup.create();
    try {
      var builder = new ProcessBuilder(cgroup.enter(all));
      builder.redirectOutput(out.toFile()).redirectError(err.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("OTEL_"));
      builder.environment().putAll(environment);
      return new Observer(cgroup, builder.start(), out, err);
    } catch (IOException e) {
      cgroup.close();
      throw e;
    }
  }

  /// Waits until it said on its standard error that it runs.
  Observer awaitSaid(Predicate<String> line) {
    return await(err, line);
  }

  /// Waits until it wrote a line.
  Observer awaitWritten(Predicate<String> line) {
    return await(out, line);
  }

  /// Waits until it has attached what it attaches, for those that say nothing of it: until it holds
  /// perf events or BPF links, and for half a second no more of them.
  Observer awaitAttached() {
    var before = new AtomicLong();
    Awaitility.await("hooks of " + process.info().commandLine().orElse("it"))
        .atMost(STARTS_WITHIN)
        .pollInterval(Duration.ofMillis(500))
        .failFast(this::failIfEnded)
        .until(() -> {
          long hooks = hooks();
          return before.getAndSet(hooks) == hooks && hooks > 0;
        });
    return this;
  }

  /// Its descriptors of perf events and BPF links.
  private long hooks() throws IOException {
    long hooks = 0;
    try (var descriptors = Files.newDirectoryStream(Path.of("/proc/" + pid() + "/fd"))) {
      for (var descriptor : descriptors) {
        var kind = Files.readSymbolicLink(descriptor).toString();
        if (kind.contains("perf_event") || kind.contains("bpf_link") || kind.contains("bpf-link"))
          hooks++;
      }
    } catch (NoSuchFileException e) {
      // closed while we looked: it still changes
      return 0;
    }
    return hooks;
  }

  private Observer await(Path file, Predicate<String> line) {
    Awaitility.await("what " + process.info().commandLine().orElse("it") + " says")
        .atMost(STARTS_WITHIN)
        .pollInterval(Duration.ofMillis(20))
        .failFast(this::failIfEnded)
        .until(() -> lines(file).stream().anyMatch(line));
    return this;
  }

  private void failIfEnded() throws IOException {
    if (!process.isAlive())
      throw new AssertionError(
          "it ended with " + process.exitValue() + ": " + String.join("\n", lines(err)));
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// What it has said so far, without warnings of its runtime.
  List<String> said() throws IOException {
    return lines(err);
  }

  /// The file with what it wrote. Read it by lines: it may be large.
  Path out() {
    return out;
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
  }

  CpuTime cpu() throws IOException {
    return CpuTime.of(cgroup);
  }

  /// Memory in use now, in MiB.
  double residentMib() throws IOException {
    return status(Path.of("/proc/" + pid() + "/status"), "VmRSS:") / 1024.0;
  }

  /// How often its threads were put to sleep and woken, or made way for another, until now. Threads
  /// that have ended are left out.
  long contextSwitches() throws IOException {
    long switches = 0;
    try (var threads = Files.newDirectoryStream(Path.of("/proc/" + pid() + "/task"))) {
      for (var thread : threads)
        for (var kind : List.of("voluntary_ctxt_switches:", "nonvoluntary_ctxt_switches:"))
          switches += status(thread.resolve("status"), kind);
    }
    return switches;
  }

  /// proc_pid_status(5)
  private static long status(Path file, String key) throws IOException {
    for (var line : Files.readAllLines(file))
      if (line.startsWith(key))
        return Long.parseLong(line.substring(key.length()).strip().split(" ")[0]);
    throw new IOException(file + " has no " + key);
  }

  /// Ctrl-C, and waits for its end: it flushes what it has.
  void interrupt() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", Long.toString(pid())).inheritIO().start().waitFor();
    if (!process.waitFor(STOPS_WITHIN.toSeconds(), TimeUnit.SECONDS))
      throw new AssertionError("still running " + STOPS_WITHIN + " after Ctrl-C: " + said());
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    cgroup.close();
  }
}
