package dev.ringside.config.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCommandTest {
  @TempDir private Path directory;
  private Shell shell;

  @BeforeEach
  void openShell() {
    shell = new Shell(directory);
  }

  @Test
  void saysThatAConfigurationIsRight() throws IOException {
    var file =
        shell.file(
            """
            file_format: "1.1"
            logger_provider:
              processors: [batch: {exporter: {otlp_http: {endpoint: "http://collector:4318/v1/logs"}}}]
            instrumentation/development:
              java: {ringside: {receivers: {alpha: {count: 2}}}}
            """);

    int code = shell.ringside("config", "check", file);

    assertThat(shell.err()).isEmpty();
    assertThat(code).isZero();
    assertThat(shell.out())
        .isEqualTo(
            file + ": ok\n  receivers: alpha\n  exporters: events to http://collector:4318\n");
  }

  @Test
  void saysWhatIsWrongWithAConfiguration() throws IOException {
    var file = shell.file("file_format: \"1.1\"\nmeter_provider: {readers: [periodc: {}]}\n");

    int code = shell.ringside("config", "check", file);

    assertThat(code).isEqualTo(2);
    assertThat(shell.err()).startsWith(file + ":2:").contains("did you mean periodic?");
    assertThat(shell.out()).isEmpty();
  }
}
