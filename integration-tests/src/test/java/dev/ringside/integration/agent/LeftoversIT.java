package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Programs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// However the agent ends, nothing of it stays in the kernel.
class LeftoversIT {
  @TempDir Path directory;

  @Test
  void nothingIsLeftAfterCtrlC() throws Exception {
    try (var cgroup = OwnCgroup.create();
        var agent = start(cgroup)) {
      var held = KernelObjects.heldBy(agent.pid());
      assertThat(KernelObjects.all()).containsAll(held);

      assertThat(agent.interrupt()).as(agent.err()).isZero();

      awaitGone(held);
    }
  }

  @Test
  void nothingIsLeftAfterKillAndTheNextStartWorks() throws Exception {
    try (var cgroup = OwnCgroup.create();
        var agent = start(cgroup)) {
      var held = KernelObjects.heldBy(agent.pid());

      agent.kill();

      awaitGone(held);
      try (var next = start(cgroup)) {
        long pid = cgroup.run(Programs.target());
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> next.out().lines().anyMatch(l -> l.matches(".* exit +" + pid + " .*")));
      }
    }
  }

  private AgentProcess start(OwnCgroup cgroup) throws Exception {
    var agent =
        AgentProcess.start(
            directory,
            Map.of(),
            "run",
            "--set=process_exec.cgroup=" + cgroup.path(),
            "--set=file_open.cgroup=" + cgroup.path());
    agent.awaitRunning("process_exec", "file_open");
    assertThat(KernelObjects.heldBy(agent.pid()))
        .anyMatch(o -> o.startsWith("prog"))
        .anyMatch(o -> o.startsWith("map"))
        .anyMatch(o -> o.startsWith("link"));
    return agent;
  }

  /// The kernel frees programs and maps a moment after their last user has gone.
  private static void awaitGone(Set<String> held) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(KernelObjects.all()).doesNotContainAnyElementsOf(held));
  }
}
