package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringside.integration.otlp.LogEvent;
import dev.ringside.integration.otlp.RealCollector;
import dev.ringside.integration.otlp.SpanRecord;
import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Programs;
import dev.ringside.integration.workload.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The kernel gives process ids again. Here one has a hundred owners, one right after the other.
class ReusedPidIT {
  private static final int PROGRAMS = 100;

  @TempDir Path directory;

  @Test
  void keepsTheOwnersOfAPidApart() throws Exception {
    var one = Files.copy(Programs.target(), directory.resolve("one"));
    var other = Files.copy(Programs.target(), directory.resolve("other"));
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("otlp"));
        var workload = Workload.reuse(cgroup, PROGRAMS, one, other);
        var agent =
            AgentProcess.start(
                directory,
                Map.of(),
                "run",
                "--receivers=process_exec",
                "--otlp=" + collector.http(),
                "--set=process_exec.cgroup=" + cgroup.path(),
                "--set=process_exec.spans=true")) {
      agent.awaitRunning("process_exec");

      var burst = workload.run().bursts().getFirst();
      assertThat(agent.interrupt()).as(agent.err()).isZero();

      assertThat(burst.pids()).as("one pid").containsOnly(burst.pids().getFirst());
      long pid = burst.pids().getFirst();
      var expected = IntStream.range(0, PROGRAMS).mapToObj(i -> name(i) + " " + i % 200).toList();
      var execs = events(collector, "ringside.process.exec", pid);
      assertThat(execs)
          .extracting(
              l -> String.valueOf(((List<?>) l.attributes().get("process.command_args")).get(1)))
          .containsExactlyElementsOf(
              IntStream.range(0, PROGRAMS).mapToObj(Integer::toString).toList());
      assertThat(events(collector, "ringside.process.exit", pid))
          .extracting(l -> l.text("process.executable.name") + " " + l.number("process.exit.code"))
          .containsExactlyElementsOf(expected);
      await().until(() -> collector.spans().size() >= PROGRAMS);
      var spans =
          collector.spans().stream()
              .filter(s -> ObservedExecs.pid(s) == pid)
              .sorted(Comparator.comparingLong(SpanRecord::startNs))
              .toList();
      assertThat(spans)
          .extracting(s ->
              s.attributes().get("process.executable.name")
                  + " "
                  + s.attributes().get("process.exit.code"))
          .containsExactlyElementsOf(expected);
      // One ends before the next begins, and none is longer than all.
      for (int i = 1; i < PROGRAMS; i++)
        assertThat(spans.get(i).startNs()).isGreaterThanOrEqualTo(spans.get(i - 1).endNs());
      assertThat(execs)
          .allMatch(l -> l.timeNs() > burst.beforeNs() && l.timeNs() < burst.afterNs());
    }
  }

  private static String name(int i) {
    return i % 2 == 0 ? "one" : "other";
  }

  private static List<LogEvent> events(RealCollector collector, String name, long pid) {
    return collector.logs().stream()
        .filter(l -> l.name().equals(name) && l.number("process.pid") == pid)
        .toList();
  }
}
