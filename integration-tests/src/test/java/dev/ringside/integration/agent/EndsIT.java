package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringside.integration.otlp.RealCollector;
import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The agent is ended in the middle of things.
class EndsIT {
  private static final int PROGRAMS = 300;

  @TempDir Path directory;

  /// A terminal that is closed sends SIGHUP, a service manager SIGTERM.
  @ParameterizedTest
  @ValueSource(strings = {"TERM", "HUP"})
  void deliversWhatIsStillInTheRingAndLeavesNothing(String signal) throws Exception {
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("otlp"));
        var gate = new Gate(collector.http());
        var workload = Workload.execBurst(cgroup, PROGRAMS);
        var agent = start(cgroup, gate, Map.of())) {
      agent.awaitRunning("process_exec");
      var held = KernelObjects.heldBy(agent.pid());

      // While its first export waits at the gate, all else is in the ring.
      var pids = workload.run().bursts().getFirst().pids();
      gate.awaitSomebody();
      agent.signal(signal);
      gate.open();

      assertThat(agent.awaitEnd()).as(agent.err()).isZero();
      assertThat(collector.logs())
          .filteredOn(l -> l.name().equals("ringside.process.exec"))
          .extracting(l -> (int) l.number("process.pid"))
          .containsExactlyElementsOf(pids);
      awaitGone(held);
    }
  }

  @Test
  void endsAtOnceWhenInterruptedTwice() throws Exception {
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("otlp"));
        var gate = new Gate(collector.http());
        var workload = Workload.execBurst(cgroup, PROGRAMS);
        var agent = start(cgroup, gate, Map.of())) {
      agent.awaitRunning("process_exec");
      var held = KernelObjects.heldBy(agent.pid());

      workload.run();
      gate.awaitSomebody(); // so that it cannot end in order
      agent.signal("INT");
      // Two that are pending at once would be one.
      await().until(() -> agent.isEndedBy("INT"));

      assertThat(agent.awaitEnd()).as(agent.err()).isEqualTo(130);
      awaitGone(held);
    }
  }

  @Test
  void endsWhenItsMemoryIsUsedUpAndSaysSo() throws Exception {
    var file = Files.createFile(directory.resolve("file"));
    try (var cgroup = OwnCgroup.create();
        var workload = Workload.openBurst(cgroup, 100_000, file);
        var agent =
            AgentProcess.start(
                directory,
                // One batch of many records, each of which takes more than its bytes.
                Map.of(
                    "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "100000",
                    "OTEL_BLRP_MAX_QUEUE_SIZE", "100000"),
                withLittleMemory(
                    "run",
                    "--receivers=file_open",
                    "--otlp=http://127.0.0.1:9",
                    "--set=file_open.cgroup=" + cgroup.path(),
                    "--set=file_open.events=true"))) {
      agent.awaitRunning("file_open");
      var held = KernelObjects.heldBy(agent.pid());

      workload.run();

      assertThat(agent.awaitEnd()).as(agent.err()).isEqualTo(3);
      assertThat(agent.out() + agent.err()).contains("OutOfMemoryError");
      awaitGone(held);
    }
  }

  private AgentProcess start(OwnCgroup cgroup, Gate gate, Map<String, String> environment)
      throws Exception {
    return AgentProcess.start(
        directory,
        environment,
        "run",
        "--receivers=process_exec",
        "--otlp=" + gate.endpoint(),
        "--set=process_exec.cgroup=" + cgroup.path());
  }

  private static List<String> withLittleMemory(String... args) throws Exception {
    var command = new ArrayList<>(Packaged.command());
    command.addAll(command.indexOf("-cp"), List.of("-Xms6m", "-Xmx6m")); // the last ones hold
    command.addAll(List.of(args));
    return command;
  }

  /// The kernel frees programs and maps a moment after their last user has gone.
  private static void awaitGone(Set<String> held) {
    assertThat(held).anyMatch(o -> o.startsWith("prog")).anyMatch(o -> o.startsWith("link"));
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(KernelObjects.all()).doesNotContainAnyElementsOf(held));
  }
}
