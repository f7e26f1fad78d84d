package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringside.integration.otlp.RealCollector;
import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Workload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// The agent's buffer on disk, before a real Collector that is away for a while.
@Execution(ExecutionMode.CONCURRENT) // it waits most of the time
class BufferIT {
  private static final int PROGRAMS = 200;

  /// How a file of the buffer begins, behind its checksum.
  private static final Pattern CONTENT =
      Pattern.compile("^.{4}\\S+ process_exec=(\\d+)\n", Pattern.DOTALL);

  @TempDir Path directory;

  @Test
  void whatWasOnDiskArrivesAfterAnOutageInWhichTheAgentIsKilled() throws Exception {
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.stopped(directory.resolve("otlp"));
        var one = Workload.execBurst(cgroup, PROGRAMS);
        var other = Workload.execBurst(cgroup, PROGRAMS)) {
      List<Integer> before;
      try (var killed = start(cgroup, collector)) {
        killed.awaitRunning("process_exec");
        before = one.run().bursts().getFirst().pids();
        awaitOnDisk(2 * PROGRAMS);
        killed.kill();
      }
      try (var agent = start(cgroup, collector)) {
        agent.awaitRunning("process_exec");
        var after = other.run().bursts().getFirst().pids();
        awaitOnDisk(4 * PROGRAMS);
        collector.start();
        Marker.exec(cgroup, collector);

        assertThat(agent.interrupt()).as(agent.err()).isZero();
        var all = Stream.of(before, after).flatMap(List::stream).toList();
        assertThat(execs(collector, all)).containsExactlyElementsOf(all);
        assertThat(agent.err())
            .contains("does not answer")
            .contains("keeping records in " + directory.resolve("buffer/logs"))
            .contains("answers again");
        assertThat(onDisk()).isZero();
      }
    }
  }

  private AgentProcess start(OwnCgroup cgroup, RealCollector collector) throws IOException {
    return AgentProcess.start(
        directory,
        Map.of(),
        "run",
        "--receivers=process_exec",
        "--otlp=" + collector.http(),
        "--buffer=" + directory.resolve("buffer"),
        "--set=process_exec.cgroup=" + cgroup.path());
  }

  private void awaitOnDisk(int records) {
    await("so many records on disk: " + records)
        .atMost(Duration.ofSeconds(60))
        .until(() -> onDisk() >= records);
  }

  private int onDisk() throws IOException {
    var logs = directory.resolve("buffer/logs");
    if (!Files.isDirectory(logs)) return 0;
    try (var files = Files.list(logs)) {
      int records = 0;
      for (var file : files.filter(f -> f.toString().endsWith(".otlp")).toList()) {
        var text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        var content = CONTENT.matcher(text);
        if (content.find()) records += Integer.parseInt(content.group(1));
      }
      return records;
    }
  }

  /// The burst's programs that arrived, in their order.
  private static List<Integer> execs(RealCollector collector, List<Integer> pids) {
    return collector.logs().stream()
        .filter(l -> l.name().equals("ringside.process.exec"))
        .map(l -> (int) l.number("process.pid"))
        .filter(pids::contains)
        .toList();
  }
}
