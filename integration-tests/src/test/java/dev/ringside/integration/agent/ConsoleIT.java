package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Without a Collector and without a file, a person reads what happens.
class ConsoleIT {
  @TempDir Path directory;

  @Test
  void showsExecsExitsAndOpensAsTheyHappen() throws Exception {
    var file = Files.createFile(directory.resolve("notes.txt"));
    try (var cgroup = OwnCgroup.create();
        var agent =
            AgentProcess.start(
                directory,
                Map.of(),
                "run",
                "--set=process_exec.cgroup=" + cgroup.path(),
                "--set=file_open.cgroup=" + cgroup.path())) {
      agent.awaitRunning("process_exec", "file_open");

      long pid = cgroup.run(Programs.opens(), "burst", "1", file.toString());

      // While it still runs: nobody should have to end it first.
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() ->
              assertThat(agent.out())
                  .containsPattern("exec +" + pid + " .*" + Programs.opens() + " burst 1 " + file)
                  .containsPattern("open +" + pid + " .*" + file)
                  .containsPattern("exit +" + pid + " .*code 0"));
      assertThat(agent.interrupt()).as(agent.err()).isZero();
      assertThat(agent.err())
          .containsPattern("process_exec +2 +2 +0")
          .containsPattern("file_open +1 +1 +0");
    }
  }

  @Test
  void endsByItselfAfterTheTimeThatWasAskedFor() throws Exception {
    try (var agent =
        AgentProcess.start(
            directory, Map.of(), "run", "--receivers=process_exec", "--duration=1s")) {
      assertThat(agent.awaitEnd()).as(agent.err()).isZero();
    }
  }
}
