package dev.ringside.config.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.config.fake.FakeKernel;
import dev.ringside.config.fake.OtlpServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {
  @TempDir private Path directory;
  private Shell shell;

  @BeforeEach
  void openShell() {
    shell = new Shell(directory);
  }

  @Test
  void printsEventsOnStdoutAndEverythingElseOnStderr() {
    int code = shell.ringside("run", "--receivers", "alpha", "--duration", "1ms");

    assertThat(code).isZero();
    assertThat(shell.out()).contains("exec    4711").contains("/usr/bin/fake");
    assertThat(shell.err())
        .contains("prints events here")
        .contains("runs         alpha: happenings by tracepoint")
        .containsPattern("alpha +3 +1 +2 \\(ring_full 2\\)")
        .contains("alpha: the kernel left out 3 runs of its programs")
        .doesNotContain("4711");
  }

  @Test
  void sendsEventsToTheEndpointInsteadOfTheTerminal() throws IOException {
    try (var server = new OtlpServer()) {
      int code = shell.ringside("run", "--otlp", server.url(), "--duration", "1ms");

      assertThat(code).isZero();
      assertThat(server.paths).contains("/v1/logs", "/v1/metrics");
      assertThat(shell.out()).isEmpty();
      assertThat(shell.err()).contains("sends events, metrics, spans to " + server.url());
    }
  }

  @Test
  void printsAsWellWhenAskedTo() throws IOException {
    try (var server = new OtlpServer()) {
      shell.ringside("run", "--otlp", server.url(), "--console", "--duration", "1ms");

      assertThat(server.paths).contains("/v1/logs");
      assertThat(shell.out()).contains("/usr/bin/fake");
    }
  }

  @Test
  void saysWhichReceiverCannotRunAndGoesOnWithTheOthers() {
    shell.kernel = new FakeKernel(Set.of("alpha"), List.of());

    int code = shell.ringside("run", "--duration", "1ms");

    assertThat(code).isZero();
    assertThat(shell.err())
        .contains("cannot run   alpha")
        .contains("load alpha: Operation not permitted; run as root")
        .contains("runs         beta");
  }

  @Test
  void failsWhenANamedReceiverCannotRun() {
    shell.kernel = new FakeKernel(Set.of("alpha"), List.of());

    int code = shell.ringside("run", "--receivers", "alpha,beta", "--duration", "1ms");

    assertThat(code).isEqualTo(1);
  }

  @Test
  void failsWhenNoneCanRun() {
    shell.kernel = new FakeKernel(Set.of("alpha", "beta"), List.of());

    int code = shell.ringside("run");

    assertThat(code).isEqualTo(1);
    assertThat(shell.err()).contains("no receiver can run here");
  }

  @Test
  void startsNothingWhenTheConfigurationIsWrong() throws IOException {
    var file =
        shell.file(
            "file_format: \"9.0\"\ninstrumentation/development: {java: {ringside: {receivers: {alfa: {}}}}}\n");

    int code =
        shell.ringside("run", "--config", file, "--set", "beta.cuont=1", "--duration", "1ms");

    assertThat(code).isEqualTo(2);
    assertThat(shell.err().lines()).hasSize(3);
    assertThat(shell.err())
        .contains("is a newer format")
        .contains("did you mean alpha?")
        .contains("did you mean count?");
    assertThat(shell.kernel.calls).isEmpty();
    assertThat(shell.out()).isEmpty();
  }

  @Test
  void takesTheFileThatTheEnvironmentNames() throws IOException {
    shell.environment.put(
        "OTEL_CONFIG_FILE",
        shell.file(
            "file_format: \"1.1\"\ninstrumentation/development: {java: {ringside: {receivers: {beta: {}}}}}\n"));

    shell.ringside("run", "--duration", "1ms");

    assertThat(shell.kernel.calls).startsWith("load beta").doesNotContain("load alpha");
  }

  @Test
  void refusesTwoWordsOnWhereToSend() throws IOException {
    int code =
        shell.ringside(
            "run", "--otlp", "localhost", "--config", shell.file("file_format: \"1.1\"\n"));

    assertThat(code).isEqualTo(2);
    assertThat(shell.err()).startsWith("--otlp localhost: not together with a configuration file");
  }

  @Test
  void wantsADurationWithItsUnit() {
    int code = shell.ringside("run", "--duration", "30");

    assertThat(code).isEqualTo(2);
    assertThat(shell.err())
        .contains("\"30\" is not allowed; allowed: a time such as 500ms, 30s or 5m");
  }
}
