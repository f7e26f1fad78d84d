package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An agent that has hardly enough memory, while another program wants all of it.
class MemoryPressureIT {
  private static final int EXECS = 500;

  /// Enough for the agent, if nobody takes it away.
  private static final String LIMIT = "250M";

  /// Takes all memory there is, and is the first to go when there is none left.
  private static final String GREEDY =
      "echo 1000 > /proc/self/oom_score_adj && exec tail /dev/zero";

  private static final int KILLED = 128 + 9;

  /// What the agent says at its end: produced, exported, lost.
  private static final Pattern ACCOUNT =
      Pattern.compile("process_exec +([\\d,]+) +([\\d,]+) +([\\d,]+)");

  @TempDir Path directory;

  @Test
  void goesOnAndCountsWhatItLoses() throws Exception {
    try (var small = OwnCgroup.create();
        var cgroup = OwnCgroup.create()) {
      limit(small);
      var command = small.enter(Packaged.command());
      command.add("run");
      command.add("--receivers=process_exec");
      command.add("--set=process_exec.cgroup=" + cgroup.path());
      try (var workload = Workload.execBurst(cgroup, EXECS);
          var agent = AgentProcess.start(directory, Map.of(), command)) {
        agent.awaitRunning("process_exec");
        var greedy = new ProcessBuilder(small.enter(List.of("/bin/sh", "-c", GREEDY))).start();

        workload.run();
        assertThat(greedy.waitFor()).isEqualTo(KILLED);
        assertThat(agent.interrupt()).as(agent.err()).isZero();

        var account = ACCOUNT.matcher(agent.err());
        assertThat(account.find()).as(agent.err()).isTrue();
        assertThat(number(account.group(1))).isEqualTo(2 * EXECS + 1);
        assertThat(number(account.group(2)) + number(account.group(3))).isEqualTo(2 * EXECS + 1);
      }
    }
  }

  private static void limit(OwnCgroup cgroup) throws IOException {
    var parent = cgroup.directory().getParent();
    assumeTrue(
        Files.readString(parent.resolve("cgroup.controllers")).contains("memory"),
        "cgroup v2 has no memory controller here");
    Files.writeString(parent.resolve("cgroup.subtree_control"), "+memory");
    Files.writeString(cgroup.directory().resolve("memory.max"), LIMIT);
  }

  private static long number(String text) {
    return Long.parseLong(text.replace(",", ""));
  }
}
