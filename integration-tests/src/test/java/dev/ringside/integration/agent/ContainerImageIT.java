package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.integration.otlp.RealCollector;
import dev.ringside.integration.workload.OwnCgroup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The container image, built and run by the commands that its Containerfile shows.
class ContainerImageIT {
  private static final String FILTER = "packaging/seccomp.json";

  @TempDir Path directory;

  @Test
  void reportsTheHostWithTheRightsThatItsContainerfileNames() throws Exception {
    try (var podman = Podman.withImage(directory.resolve("podman"));
        var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("otlp"))) {
      var run =
          podman.run(
              Map.of("localhost:4318", "localhost:" + collector.http().getPort()),
              // So that it may look at this test only.
              "--cgroupns=host",
              "--volume=" + cgroup.directory().getParent() + ":/cgroup:ro",
              // On is for: with the AOT cache or not at all.
              "--env=RINGSIDE_JAVA_OPTIONS=-XX:AOTMode=on");
      run.addAll(
          List.of(
              "run",
              "--set=process_exec.cgroup=" + cgroup.path(),
              "--set=file_open.cgroup=" + cgroup.path(),
              "--set=file_open.events=true"));

      try (var agent = AgentProcess.start(directory, Map.of(), run)) {
        agent.awaitRunning("process_exec", "file_open");

        Marker.exec(cgroup, collector);
        Marker.open(cgroup, collector, Files.createFile(directory.resolve("marker")));

        assertThat(agent.interrupt()).as(agent.err()).isZero();
        assertThat(agent.err()).contains("from now on user ringside without capabilities");
      }
      assertThat(collector.points())
          .extracting(p -> p.name())
          .contains("ringside.process.execs", "ringside.file.open.duration");
    }
  }

  @Test
  void saysThatTheRuntimesFilterRefusesBpf() throws Exception {
    var ours = Files.readString(Path.of("../otel-config").resolve(FILTER));
    var strict = directory.resolve("strict.json");
    Files.writeString(strict, ours.replace("\"bpf\", ", ""));
    try (var podman = Podman.withImage(directory.resolve("podman"))) {
      var doctor = podman.run(Map.of(FILTER, strict.toString()));
      doctor.addAll(List.of("doctor", "--receivers=process_exec"));

      try (var agent = AgentProcess.start(directory, Map.of(), doctor)) {
        assertThat(agent.awaitStartAndEnd()).isEqualTo(1);
        assertThat(agent.out())
            .contains("seccomp")
            .contains("Function not implemented")
            .doesNotContain("LimitMEMLOCK");
      }
    }
  }
}
