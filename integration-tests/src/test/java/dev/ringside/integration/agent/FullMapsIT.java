package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.integration.otlp.RealCollector;
import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// More at the same time, or of more kinds, than a map in the kernel has room for: it is counted by
/// its name, and everything else goes on.
class FullMapsIT {
  /// What file_open.bpf.c and failed_exec.bpf.h have room for.
  private static final int OUTCOMES = 256;

  private static final int EXECS_AT_A_TIME = 1024;

  private static final int TOO_MANY = 60;
  private static final int ERRORS = 100;

  /// Where nobody has mounted it, tracepoints of system calls cannot be found, and ways without a
  /// map are taken.
  private static final String WITH_TRACEPOINTS =
      "[ -d /sys/kernel/tracing/events ] || mount -t tracefs none /sys/kernel/tracing; exec \"$@\"";

  @TempDir Path directory;

  @Test
  void countsDurationsOfMoreOutcomesThanTheHistogramHasRoomFor() throws Exception {
    assumeTrue(Files.exists(Path.of("/dev/fuse")), "this kernel has no FUSE");
    var empty = Files.createDirectory(directory.resolve("empty"));
    var file = Files.createFile(directory.resolve("file"));
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("otlp"));
        var failing = Workload.failingOpens(cgroup, ERRORS, empty);
        var before = Workload.openBurst(cgroup, 3, file);
        var after = Workload.openBurst(cgroup, 4, file);
        var agent = start("file_open", cgroup, collector)) {

      before.run();
      int failed = failing.run().bursts().getFirst().count();
      after.run();
      assertThat(agent.interrupt()).as(agent.err()).isZero();
      awaitAccount("file_open", collector);

      // One of those that there was room for is the open that goes well.
      assertThat(Account.of("file_open", collector.points()).lost())
          .isEqualTo(Map.of("map_full", (long) failed - (OUTCOMES - 1)));
      var counts =
          Latest.of("ringside.file.open.duration", collector.points()).countsBy("error.type");
      assertThat(counts).containsEntry("", 3L + 4);
      assertThat(counts.values().stream().mapToLong(Long::longValue).sum())
          .isEqualTo(3 + 4 + OUTCOMES - 1);
      assertThat(agent.err()).contains("map_full " + (failed - (OUTCOMES - 1)));
    }
  }

  @Test
  void countsExecsOfMoreThreadsThanThereIsRoomFor() throws Exception {
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("otlp"));
        var crowd = Workload.crowdOfExecs(cgroup, EXECS_AT_A_TIME + TOO_MANY);
        var agent = start("process_exec", cgroup, collector)) {

      crowd.run();
      Marker.exec(cgroup, collector);
      assertThat(agent.interrupt()).as(agent.err()).isZero();
      awaitAccount("process_exec", collector);

      assumeTrue(
          !Set.of("fexit", "raw tracepoint").contains(mechanism("failed execs", collector)),
          "execs that fail are seen at their return alone: no map for calls by thread");
      assertThat(Account.of("process_exec", collector.points()).lost())
          .isEqualTo(Map.of("map_full", (long) TOO_MANY));
      assertThat(collector.logs())
          .filteredOn(l -> "ENOENT".equals(l.attributes().get("error.type")))
          .hasSize(EXECS_AT_A_TIME);
      assertThat(agent.err()).contains("map_full " + TOO_MANY);
    }
  }

  private AgentProcess start(
      String receiver, OwnCgroup cgroup, RealCollector collector, String... more) throws Exception {
    var args = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", WITH_TRACEPOINTS, "sh"));
    args.addAll(Packaged.command());
    args.add("run");
    args.add("--receivers=" + receiver);
    args.add("--otlp=" + collector.http());
    args.add("--set=" + receiver + ".cgroup=" + cgroup.path());
    // What is measured is enough, and nothing else can be lost.
    if (receiver.equals("file_open")) args.add("--set=file_open.events=false");
    var agent = AgentProcess.start(directory, Map.of(), args);
    agent.awaitRunning(receiver);
    return agent;
  }

  private static void awaitAccount(String receiver, RealCollector collector) {
    await("the account of " + receiver + " at the Collector")
        .atMost(Duration.ofSeconds(60))
        .until(() -> hooks(collector).findAny().isPresent());
  }

  /// How a need was met.
  private static String mechanism(String need, RealCollector collector) {
    return hooks(collector)
        .filter(hook -> need.equals(hook.get("ringside.hook.need")))
        .map(hook -> (String) hook.get("ringside.hook.mechanism"))
        .findFirst()
        .orElse("none");
  }

  private static Stream<Map<String, Object>> hooks(RealCollector collector) {
    return collector.points().stream()
        .filter(p -> p.name().equals("ringside.receiver.hook.attached"))
        .map(p -> p.attributes());
  }
}
