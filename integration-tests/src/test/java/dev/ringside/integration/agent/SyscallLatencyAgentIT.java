package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.integration.otlp.RealCollector;
import dev.ringside.integration.registry.Conventions;
import dev.ringside.integration.workload.OwnCgroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A program's system calls as they arrive at a Collector, against those that strace sees of the
/// same run.
class SyscallLatencyAgentIT {
  private static final Path STRACE = Path.of("/usr/bin/strace");

  /// `read(0, "", 1) = 0`, `access("/x", R_OK) = -1 ENOENT (No such …)`
  private static final Pattern CALL =
      Pattern.compile("(\\w+)\\(.*\\) += (?:-1 (E\\w+).*|[-0-9].*)");

  @TempDir Path directory;

  @Test
  void deliversWhatAProgramCallsAndWhatFails() throws Exception {
    assumeTrue(Files.isExecutable(STRACE), "no " + STRACE);
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("otlp"));
        var agent =
            AgentProcess.start(
                directory,
                Map.of(),
                "run",
                "--receivers=syscall_latency",
                "--otlp=" + collector.http(),
                "--set=syscall_latency.cgroup=" + cgroup.path(),
                "--set=syscall_latency.command=dd",
                "--set=syscall_latency.exclude=[]",
                "--set=syscall_latency.events=true",
                "--set=syscall_latency.min_duration=0s")) {
      agent.awaitRunning("syscall_latency");

      var calls = trace(cgroup, "/bin/dd", "if=/dev/zero", "of=/dev/null", "bs=1", "count=200");

      assertThat(agent.interrupt()).as(agent.err()).isZero();
      await().until(() -> !collector.points().isEmpty());
      var points = collector.points();
      assertThat(counts(Latest.of("ringside.syscall.duration", points))).isEqualTo(calls);
      long all = calls.values().stream().mapToLong(Long::longValue).sum();
      assertThat(Account.of("syscall_latency", points)).isEqualTo(new Account(all, all, Map.of()));
      assertThat(Conventions.read().complaintsAbout(collector.logs(), points, List.of())).isEmpty();
    }
  }

  /// How often a program made each call that came back to it, and with which error.
  private Map<String, Long> trace(OwnCgroup cgroup, String... program) throws IOException {
    var file = directory.resolve("calls");
    var arguments = new String[program.length + 2];
    arguments[0] = "-o";
    arguments[1] = file.toString();
    System.arraycopy(program, 0, arguments, 2, program.length);
    cgroup.run(STRACE, arguments);
    var calls = new HashMap<String, Long>();
    for (var line : Files.readAllLines(file)) {
      var call = CALL.matcher(line);
      // What becomes dd was called by another command, and exit_group has no result.
      if (!call.matches() || call.group(1).equals("execve")) continue;
      var error = call.group(2) == null ? "" : " " + call.group(2);
      calls.merge(call.group(1) + error, 1L, Long::sum);
    }
    assertThat(calls).hasSizeGreaterThan(8).containsKey("openat").containsKey("access ENOENT");
    assertThat(calls.get("read")).isGreaterThan(200);
    return calls;
  }

  private static Map<String, Long> counts(Latest latest) {
    var counts = new HashMap<String, Long>();
    latest
        .series()
        .forEach((attributes, point) -> {
          var error = attributes.get("error.type");
          var name = (String) attributes.get("ringside.syscall.name");
          counts.merge(error == null ? name : name + " " + error, point.count(), Long::sum);
        });
    return counts;
  }
}
