package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringside.integration.otlp.LogEvent;
import dev.ringside.integration.otlp.MetricPoint;
import dev.ringside.integration.otlp.RealCollector;
import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Truth;
import dev.ringside.integration.workload.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// One run of the open workload under the agent: what it did, and what arrived.
///
/// @param logs all but the marker's
record ObservedOpens(Truth truth, List<LogEvent> logs, List<MetricPoint> points) {

  static ObservedOpens over(Protocol protocol, Path directory, Map<String, String> environment)
      throws Exception {
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("otlp"));
        var workload = Workload.opens(cgroup, directory);
        var agent =
            AgentProcess.start(
                directory,
                environment,
                "run",
                "--receivers=file_open",
                "--otlp=" + protocol.endpoint(collector),
                "--protocol=" + protocol,
                "--set=file_open.cgroup=" + cgroup.path(),
                "--set=file_open.events=true")) {
      agent.awaitRunning("file_open");
      var truth = workload.run();
      var marker = Marker.open(cgroup, collector, Files.createFile(directory.resolve("marker")));
      assertThat(agent.interrupt()).as(agent.err()).isZero();
      // Metrics go out with the agent's end.
      await().until(() -> !collector.points().isEmpty());
      return new ObservedOpens(
          truth,
          collector.logs().stream().filter(l -> l.number("process.pid") != marker.pid()).toList(),
          collector.points());
    }
  }
}
