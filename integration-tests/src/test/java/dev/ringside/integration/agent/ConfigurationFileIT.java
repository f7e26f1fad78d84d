package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringside.integration.otlp.MetricPoint;
import dev.ringside.integration.otlp.RealCollector;
import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// OpenTelemetry's declarative file, and the Collector beside the agent that the README shows.
class ConfigurationFileIT {
  private static final Path FILE = Path.of("src/test/resources/ringside.yaml").toAbsolutePath();

  @TempDir Path directory;

  @Test
  void runsWhatTheFileSaysThroughASidecarToABackend() throws Exception {
    try (var cgroup = OwnCgroup.create();
        var backend = RealCollector.start(directory.resolve("backend"));
        var sidecar =
            RealCollector.start(
                directory.resolve("sidecar"),
                "sidecar.yaml",
                Map.of("BACKEND_OTLP_ENDPOINT", backend.http().toString()));
        var workload = Workload.opens(cgroup, directory);
        var agent =
            AgentProcess.start(
                directory,
                Map.of(
                    "OTEL_CONFIG_FILE", FILE.toString(),
                    "COLLECTOR", sidecar.http().toString(),
                    "CGROUP", cgroup.path()),
                "run")) {
      agent.awaitRunning("process_exec", "file_open");

      var truth = workload.run();
      Marker.exec(cgroup, backend);

      // Metrics come by themselves, as often as the file says, and in the form it says.
      var opens = (long) truth.opens().size();
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() ->
              assertThat(
                      Latest.of("ringside.file.open.duration", backend.points()).series().values())
                  .allSatisfy(
                      p -> assertThat(p.value()).isInstanceOf(MetricPoint.Exponential.class))
                  .satisfies(points ->
                      assertThat(points.stream().mapToLong(MetricPoint::count).sum())
                          .isEqualTo(opens)));
      assertThat(backend.logs())
          .filteredOn(l -> l.name().equals("ringside.file.open"))
          .extracting(OpenView::of)
          .containsExactlyInAnyOrderElementsOf(
              truth.opens().stream().filter(o -> o.errno() != 0).map(OpenView::of).toList());
      assertThat(backend.logs())
          .allSatisfy(l ->
              assertThat(l.origin().resource())
                  .containsEntry("deployment.environment.name", "laboratory"));
      assertThat(agent.interrupt()).as(agent.err()).isZero();
      await().until(() -> !backend.spans().isEmpty());
    }
  }
}
