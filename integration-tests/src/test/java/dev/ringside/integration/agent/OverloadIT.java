package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringside.integration.otlp.LogEvent;
import dev.ringside.integration.otlp.RealCollector;
import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// More than can be delivered: nothing is lost silently.
class OverloadIT {
  private static final int EXECS = 10_000;
  private static final int OPENS = 100_000;

  @TempDir Path directory;

  @Test
  void losesNoneOfTenThousandExecsInABurst() throws Exception {
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("otlp"));
        var workload = Workload.execBurst(cgroup, EXECS);
        var agent =
            AgentProcess.start(
                directory,
                Map.of(),
                "run",
                "--receivers=process_exec",
                "--otlp=" + collector.grpc(),
                "--protocol=grpc",
                "--set=process_exec.cgroup=" + cgroup.path())) {
      agent.awaitRunning("process_exec");

      var burst = workload.run().bursts().getFirst();
      var marker = Marker.exec(cgroup, collector);
      assertThat(agent.interrupt()).as(agent.err()).isZero();

      var pids = new HashSet<>(burst.pids());
      assertThat(pids).as("process ids of the burst").hasSize(EXECS);
      for (var name : new String[] {"ringside.process.exec", "ringside.process.exit"})
        assertThat(collector.logs())
            .filteredOn(l -> l.name().equals(name))
            .filteredOn(l -> l.number("process.pid") != marker.pid())
            .filteredOn(l -> l.number("process.pid") != workload.pid())
            .extracting(l -> (int) l.number("process.pid"))
            .as(name)
            .hasSize(EXECS)
            .allMatch(pids::contains)
            .doesNotHaveDuplicates();
    }
  }

  @Test
  void countsWhatASmallRingAndASlowCollectorLose() throws Exception {
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("otlp"));
        var gate = new Gate(collector.http());
        var workload = Workload.execBurst(cgroup, EXECS);
        var agent =
            AgentProcess.start(
                directory,
                // The Collector is slow, but not so slow that the exporter sends everything again.
                Map.of("OTEL_EXPORTER_OTLP_TIMEOUT", "60000"),
                "run",
                "--receivers=process_exec",
                "--otlp=" + gate.endpoint(),
                "--set=process_exec.cgroup=" + cgroup.path(),
                "--set=process_exec.ring_bytes=4096")) {
      agent.awaitRunning("process_exec");

      workload.run();
      gate.awaitSomebody();
      gate.open();
      assertThat(agent.interrupt()).as(agent.err()).isZero();
      long total = 2 * EXECS + 1; // each program's exec and exit, and the workload's exit
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() ->
              assertThat(Account.of("process_exec", collector.points()).produced())
                  .isEqualTo(total));

      var account = Account.of("process_exec", collector.points());
      assertThat(account.lost()).containsOnlyKeys("ring_full");
      assertThat(account.exported()).isPositive();
      assertThat(account.exported() + account.lostInAll()).isEqualTo(account.produced());
      assertThat((long) collector.logs().size()).isEqualTo(account.exported());
      assertThat(collector.logs())
          .extracting(l -> l.name() + " " + l.number("process.pid"))
          .doesNotHaveDuplicates();
      // What the kernel counts by itself needs no ring.
      assertThat(Latest.of("ringside.process.execs", collector.points()).by("error.type"))
          .isEqualTo(Map.of("", (long) EXECS));
      assertThat(agent.err()).contains("ring_full " + account.lost().get("ring_full"));
    }
  }

  @Test
  void countsEveryOneOfAHundredThousandOpens() throws Exception {
    var file = Files.createFile(directory.resolve("file"));
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("otlp"));
        var workload = Workload.openBurst(cgroup, OPENS, file);
        var agent =
            AgentProcess.start(
                directory,
                Map.of(),
                "run",
                "--receivers=file_open",
                "--otlp=" + collector.http(),
                "--set=file_open.cgroup=" + cgroup.path(),
                "--set=file_open.events=true")) {
      agent.awaitRunning("file_open");

      workload.run();
      assertThat(agent.interrupt()).as(agent.err()).isZero();
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() ->
              assertThat(
                      Latest.of("ringside.file.open.duration", collector.points())
                          .countsBy("ringside.file.access_mode"))
                  .isEqualTo(Map.of("read", (long) OPENS)));

      var account = Account.of("file_open", collector.points());
      assertThat(account.produced()).isEqualTo(OPENS);
      assertThat(account.exported() + account.lostInAll()).isEqualTo(OPENS);
      assertThat((long) collector.logs().size()).isEqualTo(account.exported());
      assertThat(collector.logs()).extracting(LogEvent::name).containsOnly("ringside.file.open");
    }
  }

  @Test
  void keepsTheAccountsOfTwoReceiversThatAreBothOverloaded() throws Exception {
    int execs = EXECS / 5;
    int opens = OPENS / 5;
    var file = Files.createFile(directory.resolve("file"));
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("otlp"));
        var gate = new Gate(collector.http());
        var executing = Workload.execBurst(cgroup, execs);
        var opening = Workload.openBurst(cgroup, opens, file);
        var agent =
            AgentProcess.start(
                directory,
                Map.of("OTEL_EXPORTER_OTLP_TIMEOUT", "60000"),
                "run",
                "--otlp=" + gate.endpoint(),
                "--set=process_exec.cgroup=" + cgroup.path(),
                "--set=process_exec.ring_bytes=4096",
                "--set=file_open.cgroup=" + cgroup.path(),
                "--set=file_open.events=true",
                "--set=file_open.ring_bytes=4096")) {
      agent.awaitRunning("process_exec", "file_open");

      executing.run();
      opening.run();
      gate.awaitSomebody();
      gate.open();
      assertThat(agent.interrupt()).as(agent.err()).isZero();
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() ->
              assertThat(Account.of("file_open", collector.points()).produced()).isEqualTo(opens));

      // Each program's exec and exit, and the two workloads' exits.
      assertAccount("process_exec", 2L * execs + 2, "ringside.process.", collector);
      assertAccount("file_open", opens, "ringside.file.", collector);
    }
  }

  private static void assertAccount(
      String receiver, long produced, String events, RealCollector collector) {
    var account = Account.of(receiver, collector.points());
    assertThat(account.produced()).as(receiver).isEqualTo(produced);
    assertThat(account.lost()).as(receiver).containsOnlyKeys("ring_full");
    assertThat(account.exported() + account.lostInAll()).as(receiver).isEqualTo(produced);
    assertThat(collector.logs())
        .filteredOn(l -> l.name().startsWith(events))
        .as(receiver)
        .hasSize((int) account.exported());
  }
}
