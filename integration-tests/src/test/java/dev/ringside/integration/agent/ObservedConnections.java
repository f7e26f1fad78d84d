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
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// One run of the connection workload under the agent, while a connection from before stays open:
/// what it did, and what arrived.
record ObservedConnections(
    Truth truth, List<LogEvent> logs, List<MetricPoint> points, List<SpanRecord> spans) {

  static ObservedConnections in(Path directory) throws Exception {
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("otlp"));
        var _ = Workload.heldConnection(cgroup);
        var workload = Workload.connects(cgroup);
        var agent =
            AgentProcess.start(
                directory,
                Map.of(),
                "run",
                "--receivers=tcp_connection",
                "--otlp=" + collector.http(),
                "--set=tcp_connection.cgroup=" + cgroup.path(),
                "--set=tcp_connection.events=true",
                "--set=tcp_connection.spans=true")) {
      agent.awaitRunning("tcp_connection");
      var truth = workload.run();
      assertThat(agent.interrupt()).as(agent.err()).isZero();
      // Metrics go out last, and say how much went before.
      await().until(() -> !collector.points().isEmpty());
      long exported = Account.of("tcp_connection", collector.points()).exported();
      await().until(() -> collector.logs().size() + collector.spans().size() >= exported);
      return new ObservedConnections(
          truth, collector.logs(), collector.points(), collector.spans());
    }
  }

  List<LogEvent> events(String name) {
    return logs.stream().filter(l -> l.name().equals("ringside.network.tcp." + name)).toList();
  }

  Latest latest(String metric) {
    return Latest.of(metric, points);
  }

  /// Both ends of those that were established.
  List<ConnectionEnd> ends() {
    return truth.connections().stream()
        .filter(c -> c.errno() == 0)
        .flatMap(c -> ConnectionEnd.of(c).stream())
        .toList();
  }
}
