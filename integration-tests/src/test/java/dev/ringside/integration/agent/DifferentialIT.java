package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.integration.otlp.LogEvent;
import dev.ringside.integration.otlp.RealCollector;
import dev.ringside.integration.peer.ExecSnoop;
import dev.ringside.integration.peer.OpenSnoop;
import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Workload;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The agent and bcc's tools watch the same workload at the same time. What they see, the agent
/// sees.
class DifferentialIT {
  @TempDir Path directory;

  @BeforeEach
  void letEverybodyEnter() throws Exception {
    Workload.letEverybodyEnter(directory);
  }

  @Test
  void seesEveryExecThatExecsnoopSees() throws Exception {
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("otlp"));
        var workload = Workload.execs(cgroup, directory);
        var snoop = ExecSnoop.start(cgroup);
        var agent = start(collector, "process_exec", "process_exec.cgroup=" + cgroup.path())) {
      agent.awaitRunning("process_exec");

      var truth = workload.run();
      snoop.catchUp();
      Marker.exec(cgroup, collector);

      var peer = snoop.execs().stream().filter(e -> e.parentPid() == workload.pid()).toList();
      var ours =
          collector.logs().stream()
              .filter(l -> l.name().equals("ringside.process.exec"))
              .filter(l -> l.number("process.parent_pid") == workload.pid())
              .toList();
      var visible = truth.execs().stream().filter(ExecSnoop::sees).toList();
      assertThat(peer).as("execsnoop works").hasSize(visible.size());
      assertThat(ours)
          .extracting(DifferentialIT::exec)
          .hasSize(truth.execs().size())
          .containsAll(peer.stream().map(DifferentialIT::exec).toList());
    }
  }

  private static List<Object> exec(LogEvent l) {
    return List.of(
        (int) l.number("process.pid"),
        (int) l.number("process.parent_pid"),
        (int) l.number("process.user.id"),
        l.attributes().getOrDefault("ringside.errno.name", ""));
  }

  private static List<Object> exec(ExecSnoop.Exec e) {
    return List.of(e.pid(), e.parentPid(), e.userId(), ErrnoNames.of(e.error()));
  }

  @Test
  void seesEveryOpenThatOpensnoopSees() throws Exception {
    var marker = Files.createFile(directory.resolve("marker"));
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("otlp"));
        var workload = Workload.opens(cgroup, directory);
        var snoop = OpenSnoop.start(workload.pid());
        var agent =
            start(
                collector,
                "file_open",
                "file_open.cgroup=" + cgroup.path(),
                "file_open.events=true")) {
      agent.awaitRunning("file_open");

      var truth = workload.run();
      var theirs =
          truth.opens().stream()
              .filter(o -> o.systemCall().equals("openat") && o.pid() == workload.pid())
              .count();
      snoop.awaitOpens(theirs);
      Marker.open(cgroup, collector, marker);

      assertThat(collector.logs())
          .filteredOn(l -> l.number("process.pid") == workload.pid())
          .extracting(DifferentialIT::open)
          .containsSubsequence(
              snoop.opens().stream()
                  .filter(DifferentialIT::isAsciiAbsolute)
                  .map(DifferentialIT::open)
                  .toList());
    }
  }

  private static List<Object> open(LogEvent l) {
    return List.of(
        l.attributes().getOrDefault("ringside.file.descriptor", -1L),
        l.attributes().getOrDefault("ringside.errno.name", ""),
        l.attributes().getOrDefault("file.path", ""));
  }

  private static List<Object> open(OpenSnoop.Open o) {
    return List.of((long) o.descriptor(), ErrnoNames.of(o.errno()), o.path());
  }

  /// Relative paths, and those it cuts, opensnoop shows in a form that we do not.
  private static boolean isAsciiAbsolute(OpenSnoop.Open open) {
    return open.path().matches("/[^/].*")
        && open.path().length() < 250
        && StandardCharsets.US_ASCII.newEncoder().canEncode(open.path())
        && !open.path().endsWith(" a");
  }

  private AgentProcess start(RealCollector collector, String receiver, String... settings)
      throws Exception {
    var args =
        new ArrayList<>(List.of("run", "--receivers=" + receiver, "--otlp=" + collector.http()));
    for (var setting : settings) args.add("--set=" + setting);
    return AgentProcess.start(directory, Map.of(), args.toArray(String[]::new));
  }
}
