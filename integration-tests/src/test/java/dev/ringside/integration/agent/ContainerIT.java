package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.integration.otlp.RealCollector;
import dev.ringside.integration.workload.OwnCgroup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process in a cgroup such as container runtimes make.
class ContainerIT {
  private static final String ID = "0123456789abcdef".repeat(4);

  @TempDir Path directory;

  @Test
  void namesTheContainer() throws Exception {
    try (var outer = OwnCgroup.create();
        var container = outer.below("docker-" + ID + ".scope");
        var collector = RealCollector.start(directory.resolve("otlp"));
        var agent =
            AgentProcess.start(
                directory,
                Map.of(),
                "run",
                "--otlp=" + collector.http(),
                // The filter takes what lies below, too.
                "--set=process_exec.cgroup=" + outer.path(),
                "--set=file_open.cgroup=" + outer.path(),
                "--set=file_open.events=true")) {
      agent.awaitRunning("process_exec", "file_open");

      Marker.exec(container, collector);
      Marker.open(container, collector, Files.createFile(directory.resolve("marker")));

      assertThat(agent.interrupt()).as(agent.err()).isZero();
      assertThat(collector.logs())
          .extracting(l -> l.name())
          .contains("ringside.process.exec", "ringside.process.exit", "ringside.file.open");
      assertThat(collector.logs())
          .allSatisfy(l -> assertThat(l.text("container.id")).isEqualTo(ID));
    }
  }
}
