package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringside.integration.otlp.MetricPoint;
import dev.ringside.integration.otlp.RealCollector;
import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The configuration files that the README shows: OpenTelemetry's declarative file for the agent,
/// and that of a Collector beside it.
class ReadmeIT {
  @TempDir Path directory;

  @Test
  void showsTheSidecarThatIsTested() throws Exception {
    assertThat(Readme.yaml("memory_limiter"))
        .isEqualTo(Files.readString(Path.of("collector/sidecar.yaml")));
  }

  @Test
  void runsWhatItsFileSaysThroughTheSidecarToABackend() throws Exception {
    try (var cgroup = OwnCgroup.create();
        var backend = RealCollector.start(directory.resolve("backend"));
        var sidecar =
            RealCollector.start(
                directory.resolve("sidecar"),
                "sidecar.yaml",
                Map.of("BACKEND_OTLP_ENDPOINT", backend.http().toString()));
        var workload = Workload.opens(cgroup, directory);
        var agent = start(cgroup, sidecar)) {
      agent.awaitRunning("process_exec", "file_open");

      var truth = workload.run();
      Marker.exec(cgroup, backend);
      assertThat(agent.interrupt()).as(agent.err()).isZero();

      // events: true, failed_only: true
      assertThat(backend.logs())
          .filteredOn(l -> l.name().equals("ringside.file.open"))
          .extracting(OpenView::of)
          .containsExactlyInAnyOrderElementsOf(
              truth.opens().stream().filter(o -> o.errno() != 0).map(OpenView::of).toList());
      assertThat(backend.logs())
          .allSatisfy(l ->
              assertThat(l.origin().resource())
                  .containsEntry("deployment.environment.name", "laboratory"));
      // spans: true
      await().until(() -> !backend.spans().isEmpty());
      var opens = (long) truth.opens().size();
      await()
          .untilAsserted(() ->
              assertThat(
                      Latest.of("ringside.file.open.duration", backend.points())
                          .series()
                          .values()
                          .stream()
                          .mapToLong(MetricPoint::count)
                          .sum())
                  .isEqualTo(opens));
    }
  }

  /// Only what is ours is observed, and the least duration is no help to a test.
  private AgentProcess start(OwnCgroup cgroup, RealCollector sidecar) throws Exception {
    var file = Files.writeString(directory.resolve("ringside.yaml"), Readme.yaml("ringside:"));
    return AgentProcess.start(
        directory,
        Map.of(
            "OTEL_CONFIG_FILE", file.toString(),
            "OTLP", sidecar.http().toString(),
            "DEPLOYMENT", "laboratory"),
        "run",
        "--set=process_exec.cgroup=" + cgroup.path(),
        "--set=file_open.cgroup=" + cgroup.path(),
        "--set=file_open.min_duration=0s");
  }
}
