package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Programs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The README's first command, in a fresh clone of what is committed.
class LauncherIT {
  private static final Duration BUILD = Duration.ofMinutes(5);

  @TempDir Path directory;

  @Test
  void buildsAndRunsInAFreshClone() throws Exception {
    var house = Path.of("..").toAbsolutePath().normalize();
    assumeTrue(
        Files.exists(house.resolve(".git")), "this is no git repository that could be cloned");
    var clone = directory.resolve("clone");
    git("clone", "-q", "--depth=1", house.toUri().toString(), clone.toString());
    try (var cgroup = OwnCgroup.create();
        var agent =
            AgentProcess.start(
                directory,
                Map.of("JAVA_HOME", System.getProperty("java.home")),
                List.of(
                    clone.resolve("ringside").toString(),
                    "run",
                    "--receivers=process_exec",
                    "--set=process_exec.cgroup=" + cgroup.path()))) {
      agent.awaitRunning(BUILD, "process_exec");

      long pid = cgroup.run(Programs.target());

      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> agent.out().lines().anyMatch(l -> l.matches(".* exit +" + pid + " .*")));
      // The launcher has become the agent, so Ctrl-C reaches it.
      assertThat(agent.interrupt()).as(agent.err()).isZero();
    }
  }

  private static void git(String... args) throws Exception {
    var command = new ArrayList<>(List.of("git", "-c", "safe.directory=*"));
    command.addAll(List.of(args));
    var git = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(git.waitFor()).as(said).isZero();
  }
}
