package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.integration.otlp.RealCollector;
import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Workload;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two agents on one machine.
class TwoAgentsIT {
  private static final int PROGRAMS = 200;

  @TempDir Path directory;

  @Test
  void bothSeeAllAndTheEndOfOneDoesNotDisturbTheOther() throws Exception {
    try (var cgroup = OwnCgroup.create();
        var toOne = RealCollector.start(directory.resolve("one/otlp"));
        var toOther = RealCollector.start(directory.resolve("other/otlp"));
        var first = Workload.execBurst(cgroup, PROGRAMS);
        var second = Workload.execBurst(cgroup, PROGRAMS);
        var third = Workload.execBurst(cgroup, PROGRAMS);
        var one = start("one", cgroup, toOne);
        var other = start("other", cgroup, toOther)) {
      one.awaitRunning("process_exec");
      other.awaitRunning("process_exec");

      var both = first.run().bursts().getFirst().pids();
      one.signal("TERM");
      var around = second.run().bursts().getFirst().pids(); // while the one detaches
      assertThat(one.awaitEnd()).as(one.err()).isZero();
      var after = third.run().bursts().getFirst().pids();
      assertThat(other.interrupt()).as(other.err()).isZero();

      assertThat(execs(toOne).subList(0, PROGRAMS)).containsExactlyElementsOf(both);
      assertThat(execs(toOther))
          .containsExactlyElementsOf(Stream.of(both, around, after).flatMap(List::stream).toList());
      assertThat(other.err())
          .containsPattern(
              "process_exec +" + (6 * PROGRAMS + 3) + " +" + (6 * PROGRAMS + 3) + " +0");
    }
  }

  private AgentProcess start(String name, OwnCgroup cgroup, RealCollector collector)
      throws Exception {
    return AgentProcess.start(
        directory.resolve(name),
        Map.of(),
        "run",
        "--receivers=process_exec",
        "--otlp=" + collector.http(),
        "--set=process_exec.cgroup=" + cgroup.path());
  }

  private static List<Integer> execs(RealCollector collector) {
    return collector.logs().stream()
        .filter(l -> l.name().equals("ringside.process.exec"))
        .map(l -> (int) l.number("process.pid"))
        .toList();
  }
}
