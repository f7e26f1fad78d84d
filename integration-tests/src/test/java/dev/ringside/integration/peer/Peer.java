package dev.ringside.integration.peer;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// A running tool, and the lines it has written.
final class Peer implements AutoCloseable {
  private final Process process;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Thread reader;

  /// Skips the test when the tool is not installed. Returns when it has written its heading.
  static Peer start(String tool, String... options) throws IOException {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/sbin", tool)),
        tool + " is not installed (Debian: libbpf-tools), so there is nothing to compare with");
    // stdbuf: otherwise lines stay in the tool's buffer until it is full.
    var script = "mount -t tracefs tracefs /sys/kernel/tracing && exec stdbuf -oL \"$0\" \"$@\"";
    var command =
        new ArrayList<>(List.of("unshare", "-m", "sh", "-c", script, "/usr/sbin/" + tool));
    command.addAll(List.of(options));
    return new Peer(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  private Peer(Process process) {
    this.process = process;
    // Bytes as they are: not all that the tools print is UTF-8.
    var output = process.inputReader(StandardCharsets.ISO_8859_1);
    this.reader = Thread.ofVirtual().start(() -> output.lines().forEach(lines::add));
    await("the heading of " + process.info().commandLine())
        .atMost(Duration.ofSeconds(30))
        .until(() -> lines.stream().anyMatch(l -> l.contains("PID")) || !process.isAlive());
    if (!process.isAlive()) throw new AssertionError("it ended: " + lines);
  }

  /// What it has written so far, without the heading.
  List<String> lines() {
    return lines.stream().filter(l -> !l.contains(" PID ")).toList();
  }

  /// Ends it and waits until all it wrote is here.
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) process.destroyForcibly();
      reader.join(Duration.ofSeconds(20));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
