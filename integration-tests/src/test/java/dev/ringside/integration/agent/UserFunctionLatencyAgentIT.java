package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringside.integration.otlp.RealCollector;
import dev.ringside.integration.workload.OwnCgroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Functions of programs that are not where, or what, one expects, as they arrive at a Collector.
class UserFunctionLatencyAgentIT {
  private static final int CALLS = 3;

  /// Sees a libc that nobody else sees, waits, and calls it.
  private static final String CONTAINER =
      """
      mount -t tmpfs ringside "$0" && cp "$1" "$0/libc.so.6" || exit 9
      echo ready
      read go
      for i in 1 2 3; do LD_LIBRARY_PATH="$0" sleep 0.02; done
      """;

  @TempDir Path directory;

  @Test
  void watchesALibraryThatOnlyAContainerHas() throws Exception {
    var root = Files.createDirectory(directory.resolve("container"));
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("otlp"))) {
      var container = container(cgroup, root);
      assertThat(container.inputReader().readLine()).isEqualTo("ready");
      assertThat(root).as("from outside").isEmptyDirectory();
      var library = "/proc/" + container.pid() + "/root" + root + "/libc.so.6";
      try (var agent =
          AgentProcess.start(
              directory,
              Map.of(),
              "run",
              "--receivers=user_function_latency",
              "--otlp=" + collector.http(),
              "--set=user_function_latency.cgroup=" + cgroup.path(),
              "--set=user_function_latency.functions=" + library + ":clock_nanosleep")) {
        agent.awaitRunning("user_function_latency");

        container.getOutputStream().close();
        assertThat(container.waitFor()).isZero();

        assertThat(agent.interrupt()).as(agent.err()).isZero();
        await().until(() -> !collector.points().isEmpty());
        var calls = Latest.of("ringside.user.function.duration", collector.points());
        assertThat(calls.countsBy("code.function.name"))
            .isEqualTo(Map.of("clock_nanosleep", (long) CALLS));
        assertThat(calls.countsBy("ringside.user.function.binary")).containsOnlyKeys(library);
      }
    }
  }

  @Test
  void refusesWhatGoMadeAndSaysWhy() throws Exception {
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("otlp"));
        var agent =
            AgentProcess.start(
                directory,
                Map.of(),
                "run",
                "--receivers=user_function_latency",
                "--otlp=" + collector.http(),
                "--set=user_function_latency.cgroup=" + cgroup.path(),
                "--set=user_function_latency.functions="
                    + ProcessHandle.of(collector.pid()).orElseThrow().info().command().orElseThrow()
                    + ":main.main")) {
      assertThat(agent.awaitEnd()).isNotZero();

      assertThat(agent.err()).contains("user_function_latency").contains("made by Go");
    }
  }

  private static Process container(OwnCgroup cgroup, Path root) throws IOException {
    var command = new ArrayList<>(List.of("unshare", "--mount", "/bin/sh", "-c", CONTAINER));
    command.add(root.toString());
    command.add(libc().toString());
    return new ProcessBuilder(cgroup.enter(command)).start();
  }

  /// Where this process has its C library from.
  private static Path libc() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps")).stream()
        .filter(line -> line.endsWith("/libc.so.6"))
        .map(line -> Path.of(line.substring(line.indexOf('/'))))
        .findFirst()
        .orElseThrow();
  }
}
