package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringside.integration.otlp.LogEvent;
import dev.ringside.integration.otlp.MetricPoint;
import dev.ringside.integration.otlp.RealCollector;
import dev.ringside.integration.otlp.SpanRecord;
import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Truth;
import dev.ringside.integration.workload.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One run of the exec workload under the agent: what it did, and what arrived.
///
/// @param workloadCreated when the workload's own process began, by /proc
/// @param logs all but the marker's
/// @param spans all but the marker's
/// @param records how many arrived, the marker's included
/// @param everythingThatLeft the Collector's files, as they are
/// @param said what the agent wrote to its standard error
record ObservedExecs(
    String cgroup,
    Truth truth,
    Instant workloadCreated,
    List<LogEvent> logs,
    List<MetricPoint> points,
    List<SpanRecord> spans,
    long records,
    String everythingThatLeft,
    String said) {

  static ObservedExecs over(Protocol protocol, Path directory) throws Exception {
    var otlp = directory.resolve("otlp");
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(otlp);
        var workload = Workload.execs(cgroup, directory);
        var agent = start(protocol, directory, cgroup, collector)) {
      var created = ProcStat.creationOf(workload.pid());
      agent.awaitRunning("process_exec");
      var truth = workload.run();
      var marker = Marker.exec(cgroup, collector);
      assertThat(agent.interrupt()).as(agent.err()).isZero();
      // Spans and metrics went out with the agent's end, metrics last.
      await().until(() -> !collector.points().isEmpty() && !collector.spans().isEmpty());
      return new ObservedExecs(
          cgroup.path(),
          truth,
          created,
          collector.logs().stream().filter(l -> l.number("process.pid") != marker.pid()).toList(),
          collector.points(),
          collector.spans().stream().filter(s -> pid(s) != marker.pid()).toList(),
          collector.logs().size() + collector.spans().size(),
          Files.readString(otlp.resolve("logs.jsonl"))
              + Files.readString(otlp.resolve("metrics.jsonl"))
              + Files.readString(otlp.resolve("traces.jsonl")),
          agent.err());
    }
  }

  private static AgentProcess start(
      Protocol protocol, Path directory, OwnCgroup cgroup, RealCollector collector)
      throws Exception {
    return AgentProcess.start(
        directory,
        Map.of(),
        "run",
        "--receivers=process_exec",
        "--otlp=" + protocol.endpoint(collector),
        "--protocol=" + protocol,
        "--set=process_exec.cgroup=" + cgroup.path(),
        "--set=process_exec.spans=true",
        "--set=process_exec.attributes="
            + "process.vpid,process.working_directory,process.linux.cgroup");
  }

  static long pid(SpanRecord span) {
    return (long) span.attributes().get("process.pid");
  }

  Truth.Exec exec(String name) {
    return truth.execs().stream().filter(e -> e.name().equals(name)).findFirst().orElseThrow();
  }

  List<LogEvent> events(String name) {
    return logs.stream().filter(l -> l.name().equals(name)).toList();
  }

  /// The events of a name by process; of several, the last.
  Map<Long, LogEvent> byPid(String name) {
    var events = new HashMap<Long, LogEvent>();
    events(name).forEach(l -> events.put(l.number("process.pid"), l));
    return events;
  }
}
