package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SyscallLatencyFilterIT {
  @RegisterExtension final OwnCgroup cgroup = OwnCgroup.ofTest("workload");

  @Test
  void seesNothingOfAnotherCgroup() throws Exception {
    try (var other = OwnCgroup.create("other");
        var observation = start(0, -1, cgroup.path(), "")) {
      Calls.run(other, "getppid 20 bad-read 20");

      assertThat(observation.end().histogram(Metrics.SYSCALL_DURATION)).isEmpty();
    }
  }

  @Test
  void seesOneUserOnly() throws Exception {
    try (var observation = start(0, 65534, cgroup.path(), "")) {
      Calls.run(cgroup, "getppid 20 setuid 65534 getppid 9");

      var telemetry = observation.end();
      assertThat(getppids(telemetry)).isBetween(9 - observation.missed(), 9L);
    }
  }

  @Test
  void leavesRingsideItselfOutUnlessItIsAskedFor() throws Exception {
    var command = "own-" + ProcessHandle.current().pid();
    try (var all = start(0, -1, "", command);
        var own = start((int) ProcessHandle.current().pid(), -1, "", command)) {
      var thread = new Thread(() -> Files.exists(Path.of("/nosuch")), command);
      thread.start();
      thread.join();

      assertThat(own.end().histogram(Metrics.SYSCALL_DURATION)).isNotEmpty();
      assertThat(all.end().histogram(Metrics.SYSCALL_DURATION)).isEmpty();
    }
  }

  private static long getppids(RecordingTelemetry telemetry) {
    return telemetry.histogram(Metrics.SYSCALL_DURATION).stream()
        .filter(p -> "getppid".equals(p.getKey().get(Keys.RINGSIDE_SYSCALL_NAME)))
        .mapToLong(p -> p.getValue().count())
        .sum();
  }

  private static Observation start(int pid, long uid, String cgroup, String command) {
    var options =
        new SyscallLatencyOptions(
            pid,
            uid,
            cgroup,
            command,
            List.of(),
            SystemCallChoice.WAITING,
            false,
            Duration.ZERO,
            4096);
    return Observation.start(new SyscallLatencyType(), options);
  }
}
