package dev.ringside.integration.agent;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The agent, running. What it writes goes to files in a directory.
final class AgentProcess implements AutoCloseable {
  private static final Duration STARTS_WITHIN = Duration.ofSeconds(180);
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(60);

  private final Process process;
  private final Path out;
  private final Path err;

  private AgentProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /// Starts `ringside ARGS…` with nothing of OpenTelemetry in its environment but what is given.
  static AgentProcess start(Path directory, Map<String, String> environment, String... args)
      throws IOException {
    var command = new ArrayList<>(Packaged.command());
    command.addAll(List.of(args));
    return start(directory, environment, command);
  }

  /// Starts the agent by a command of one's own.
  static AgentProcess start(Path directory, Map<String, String> environment, List<String> command)
      throws IOException {
    Files.createDirectories(directory);
    var out = directory.resolve("agent.out");
    var err = directory.resolve("agent.err");
    var builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("OTEL_"));
    builder.environment().putAll(environment);
    return new AgentProcess(builder.start(), out, err);
  }

  /// Returns when `receivers` are attached; fails when the agent ends before.
  void awaitRunning(String... receivers) {
    awaitRunning(STARTS_WITHIN, receivers);
  }

  void awaitRunning(Duration atMost, String... receivers) {
    await("the agent to run " + List.of(receivers))
        .atMost(atMost)
        .failFast(() -> failIfEnded())
        .until(() -> List.of(receivers).stream().allMatch(this::says));
  }

  private boolean says(String receiver) {
    return err().lines().anyMatch(l -> l.matches("ringside: runs +" + receiver + "(:.*)?"));
  }

  private void failIfEnded() {
    if (!process.isAlive())
      throw new AssertionError("the agent ended with " + process.exitValue() + ":\n" + err());
  }

  long pid() {
    return process.pid();
  }

  /// What it has written to its standard output so far.
  String out() {
    return read(out);
  }

  /// What it has said so far.
  String err() {
    return read(err);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Ctrl-C, and waits.
  ///
  /// @return the exit code
  int interrupt() throws IOException, InterruptedException {
    signal("INT");
    return awaitEnd();
  }

  /// Sends a signal, by its name without SIG.
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid())).inheritIO().start().waitFor();
  }

  boolean hasEnded() {
    return !process.isAlive();
  }

  /// Whether it has ended; if not, the signal is sent.
  boolean isEndedBy(String name) throws IOException, InterruptedException {
    if (process.isAlive()) signal(name);
    return !process.isAlive();
  }

  /// Waits until it ends.
  ///
  /// @return the exit code
  int awaitEnd() throws InterruptedException {
    return awaitEnd(STOPS_WITHIN);
  }

  /// Waits until one that has only just been made has started, found that it cannot run, and ended.
  ///
  /// @return the exit code
  int awaitStartAndEnd() throws InterruptedException {
    return awaitEnd(STARTS_WITHIN);
  }

  private int awaitEnd(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS))
      throw new AssertionError("still running after " + limit + ":\n" + err());
    return process.exitValue();
  }

  /// SIGKILL.
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    try {
      kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
