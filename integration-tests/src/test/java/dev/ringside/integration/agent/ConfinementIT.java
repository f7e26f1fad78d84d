package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.ringside.integration.otlp.RealCollector;
import dev.ringside.integration.workload.OwnCgroup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the agent may do once its receivers run, as the kernel's own account of its threads has it.
class ConfinementIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  @Test
  void hasNoCapabilityLeftInAnyThreadAndGoesOnReporting() throws Exception {
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("otlp"));
        var agent = start(cgroup, "--otlp=" + collector.http())) {
      awaitConfined(agent);
      assumeFalse(
          agent.err().contains("before 5.19"),
          "this kernel lets nobody read maps without CAP_BPF (since 5.19)");

      Marker.exec(cgroup, collector);
      Marker.open(cgroup, collector, Files.createFile(directory.resolve("marker")));
      var threads = statuses(agent.pid());

      assertThat(threads)
          .hasSizeGreaterThan(5)
          .allSatisfy(thread ->
              assertThat(thread)
                  .containsEntry("CapPrm", "0000000000000000")
                  .containsEntry("CapEff", "0000000000000000")
                  .containsEntry("CapAmb", "0000000000000000")
                  .containsEntry("Groups", "")
                  .doesNotContainEntry("Uid", "0\t0\t0\t0")
                  .doesNotContainEntry("Gid", "0\t0\t0\t0"));
      // Its tables are read a last time at the end, without rights.
      assertThat(agent.interrupt()).as(agent.err()).isZero();
      assertThat(collector.points()).anyMatch(m -> m.name().equals("ringside.file.open.duration"));
    }
  }

  @Test
  void mayGainNothingInAnyThread() throws Exception {
    try (var cgroup = OwnCgroup.create();
        var agent = start(cgroup)) {
      awaitConfined(agent);

      var threads = statuses(agent.pid());

      assertThat(threads)
          .hasSizeGreaterThan(5)
          .allSatisfy(thread ->
              assertThat(thread).containsEntry("NoNewPrivs", "1").containsEntry("Seccomp", "2"));
    }
  }

  @Test
  void staysRootWhereThatIsWanted() throws Exception {
    try (var cgroup = OwnCgroup.create();
        var agent = start(cgroup, "--user=root")) {
      awaitConfined(agent);

      var threads = statuses(agent.pid());

      assertThat(threads)
          .allSatisfy(thread ->
              assertThat(thread).containsEntry("Uid", "0\t0\t0\t0").containsEntry("Seccomp", "2"));
    }
  }

  @Test
  void listensNowhere() throws Exception {
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("otlp"));
        var agent = start(cgroup, "--otlp=" + collector.grpc(), "--protocol=grpc")) {
      awaitConfined(agent);
      Marker.exec(cgroup, collector);

      var sockets = Sockets.of(agent.pid());

      assertThat(sockets.all()).as("the connection to the Collector is seen").isNotEmpty();
      assertThat(sockets.listening()).isEmpty();
    }
  }

  private AgentProcess start(OwnCgroup cgroup, String... more) throws Exception {
    var args =
        new ArrayList<>(
            List.of(
                "run",
                "--receivers=process_exec,file_open",
                "--set=process_exec.cgroup=" + cgroup.path(),
                "--set=file_open.cgroup=" + cgroup.path(),
                "--set=file_open.events=true"));
    args.addAll(List.of(more));
    return AgentProcess.start(directory, Map.of(), args.toArray(String[]::new));
  }

  private static void awaitConfined(AgentProcess agent) {
    agent.awaitRunning("process_exec", "file_open");
    await("the agent to say what it may from now on")
        .atMost(PATIENCE)
        .until(() -> agent.err().contains("ringside: from now on user "));
  }

  /// The fields of /proc/PID/status, of each thread.
  private static List<Map<String, String>> statuses(long pid) throws Exception {
    var statuses = new ArrayList<Map<String, String>>();
    try (var threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (var thread : threads) {
        var fields = new HashMap<String, String>();
        for (var line : Files.readAllLines(thread.resolve("status"))) {
          int colon = line.indexOf(':');
          fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        statuses.add(fields);
      }
    }
    return statuses;
  }
}
