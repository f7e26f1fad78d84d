package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The configuration file of the front page.
class ReadmeConfigurationIT {
  @TempDir Path directory;

  @Test
  void isFoundToBeRight() throws Exception {
    var file = Path.of("../otel-config/ringside.yaml").toAbsolutePath().normalize();
    var command = new ArrayList<>(Packaged.command());
    command.addAll(List.of("config", "check", file.toString()));

    try (var agent = AgentProcess.start(directory, Map.of(), command)) {
      assertThat(agent.awaitEnd()).as(agent.err()).isZero();
      assertThat(agent.out()).contains("receivers: file_open, process_exec");
    }
  }
}
