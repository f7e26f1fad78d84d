package dev.ringside.config.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.config.fake.FakeKernel;
import dev.ringside.config.fake.FakeReceiver;
import dev.ringside.config.fake.FakeReceiver.Happening;
import dev.ringside.config.fake.OtlpServer;
import dev.ringside.config.options.ReceiverTypes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @TempDir private Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Map<String, String> environment = new HashMap<>();
  private FakeKernel kernel = new FakeKernel(Set.of(), List.of(new Happening(4711)));
  private boolean isTerminal;

  private int ringside(String... args) {
    var terminal =
        new Terminal(
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, false, StandardCharsets.UTF_8),
            isTerminal,
            isTerminal,
            environment);
    var types = new ReceiverTypes(List.of(new FakeReceiver("alpha"), new FakeReceiver("beta")));
    int code = new Main(terminal, types, kernel).execute(args);
    terminal.out().flush();
    return code;
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private String file(String content) throws IOException {
    var file = directory.resolve("ringside.yaml");
    Files.writeString(file, content);
    return file.toString();
  }

  @Test
  void explainsItselfWithoutArguments() {
    int code = ringside();

    assertThat(code).isEqualTo(2);
    assertThat(err()).contains("Usage: ringside").contains("Start with `ringside run`");
    assertThat(out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"run", "doctor", "receivers", "config", "config check"})
  void hasAHelpTextForEveryCommand(String command) {
    int code = ringside((command + " --help").split(" "));

    assertThat(code).isZero();
    assertThat(out()).contains("Usage: ringside " + command);
    assertThat(out().lines().findFirst().orElseThrow()).endsWith(".");
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "doctor", "receivers", "config check"})
  void saysWhatTheExitCodesMean(String command) {
    ringside((command + " --help").split(" "));

    assertThat(out()).contains("Exit codes: 0 ");
  }

  @Test
  void saysItsVersion() {
    int code = ringside("--version");

    assertThat(code).isZero();
    assertThat(out()).startsWith("ringside ");
  }

  @Test
  void namesTheNearestCommandOrOption() {
    int code = ringside("run", "--reciever", "alpha");

    assertThat(code).isEqualTo(2);
    assertThat(err())
        .contains("--reciever")
        .contains("`ringside run --help` says what is allowed.");
  }

  @Test
  void listsReceivers() {
    int code = ringside("receivers");

    assertThat(code).isZero();
    assertThat(out())
        .isEqualTo("alpha  things that happen in tests\nbeta   things that happen in tests\n");
  }

  @Test
  void showsAReceiversOptionsWithTypeDefaultAndMeaning() {
    int code = ringside("receivers", "alpha");

    assertThat(code).isZero();
    assertThat(out().lines())
        .anyMatch(l -> l.matches("  ring_bytes +bytes +default 64KiB +Size of the ring"))
        .anyMatch(
            l -> l.matches("  min_duration +duration +default 0s +Only events longer than this"))
        .anyMatch(l -> l.matches("  loudness +very_quiet\\|loud +default very_quiet"));
  }

  @Test
  void namesTheNearestReceiver() {
    int code = ringside("receivers", "alhpa");

    assertThat(code).isEqualTo(2);
    assertThat(err()).contains("no such receiver; did you mean alpha?");
  }

  @Test
  void printsEventsOnStdoutAndEverythingElseOnStderr() {
    int code = ringside("run", "--receivers", "alpha", "--duration", "1ms");

    assertThat(code).isZero();
    assertThat(out()).contains("exec    4711").contains("/usr/bin/fake");
    assertThat(err())
        .contains("prints events here")
        .contains("runs         alpha: happenings by tracepoint")
        .containsPattern("alpha +3 +1 +2 \\(ring_full 2\\)")
        .doesNotContain("4711");
  }

  @Test
  void sendsEventsToTheEndpointInsteadOfTheTerminal() throws IOException {
    try (var server = new OtlpServer()) {
      int code = ringside("run", "--otlp", server.url(), "--duration", "1ms");

      assertThat(code).isZero();
      assertThat(server.paths).contains("/v1/logs", "/v1/metrics");
      assertThat(out()).isEmpty();
      assertThat(err()).contains("sends events, metrics, spans to " + server.url());
    }
  }

  @Test
  void printsAsWellWhenAskedTo() throws IOException {
    try (var server = new OtlpServer()) {
      ringside("run", "--otlp", server.url(), "--console", "--duration", "1ms");

      assertThat(server.paths).contains("/v1/logs");
      assertThat(out()).contains("/usr/bin/fake");
    }
  }

  @Test
  void saysWhichReceiverCannotRunAndGoesOnWithTheOthers() {
    kernel = new FakeKernel(Set.of("alpha"), List.of());

    int code = ringside("run", "--duration", "1ms");

    assertThat(code).isZero();
    assertThat(err())
        .contains("cannot run   alpha")
        .contains("load alpha: Operation not permitted; run as root")
        .contains("runs         beta");
  }

  @Test
  void failsWhenANamedReceiverCannotRun() {
    kernel = new FakeKernel(Set.of("alpha"), List.of());

    int code = ringside("run", "--receivers", "alpha,beta", "--duration", "1ms");

    assertThat(code).isEqualTo(1);
  }

  @Test
  void failsWhenNoneCanRun() {
    kernel = new FakeKernel(Set.of("alpha", "beta"), List.of());

    int code = ringside("run");

    assertThat(code).isEqualTo(1);
    assertThat(err()).contains("no receiver can run here");
  }

  @Test
  void startsNothingWhenTheConfigurationIsWrong() throws IOException {
    var file =
        file(
            "file_format: \"9.0\"\ninstrumentation/development: {java: {ringside: {receivers: {alfa: {}}}}}\n");

    int code = ringside("run", "--config", file, "--set", "beta.cuont=1", "--duration", "1ms");

    assertThat(code).isEqualTo(2);
    assertThat(err().lines()).hasSize(3);
    assertThat(err())
        .contains("is a newer format")
        .contains("did you mean alpha?")
        .contains("did you mean count?");
    assertThat(kernel.calls).isEmpty();
    assertThat(out()).isEmpty();
  }

  @Test
  void takesTheFileThatTheEnvironmentNames() throws IOException {
    environment.put(
        "OTEL_CONFIG_FILE",
        file(
            "file_format: \"1.1\"\ninstrumentation/development: {java: {ringside: {receivers: {beta: {}}}}}\n"));

    ringside("run", "--duration", "1ms");

    assertThat(kernel.calls).startsWith("load beta").doesNotContain("load alpha");
  }

  @Test
  void refusesTwoWordsOnWhereToSend() throws IOException {
    int code = ringside("run", "--otlp", "localhost", "--config", file("file_format: \"1.1\"\n"));

    assertThat(code).isEqualTo(2);
    assertThat(err()).startsWith("--otlp localhost: not together with a configuration file");
  }

  @Test
  void wantsADurationWithItsUnit() {
    int code = ringside("run", "--duration", "30");

    assertThat(code).isEqualTo(2);
    assertThat(err()).contains("\"30\" is not allowed; allowed: a time such as 500ms, 30s or 5m");
  }

  @Test
  void saysThatAConfigurationIsRight() throws IOException {
    var file =
        file(
            """
            file_format: "1.1"
            logger_provider:
              processors: [batch: {exporter: {otlp_http: {endpoint: "http://collector:4318/v1/logs"}}}]
            instrumentation/development:
              java: {ringside: {receivers: {alpha: {count: 2}}}}
            """);

    int code = ringside("config", "check", file);

    assertThat(err()).isEmpty();
    assertThat(code).isZero();
    assertThat(out())
        .isEqualTo(
            file + ": ok\n  receivers: alpha\n  exporters: events to http://collector:4318\n");
  }

  @Test
  void saysWhatIsWrongWithAConfiguration() throws IOException {
    var file = file("file_format: \"1.1\"\nmeter_provider: {readers: [periodc: {}]}\n");

    int code = ringside("config", "check", file);

    assertThat(code).isEqualTo(2);
    assertThat(err()).startsWith(file + ":2:").contains("did you mean periodic?");
    assertThat(out()).isEmpty();
  }

  @Test
  void findsOutByWhichHooksReceiversRun() {
    int code = ringside("doctor");

    assertThat(code).isZero();
    assertThat(out())
        .contains("alpha: can run")
        .contains("happenings: by tracepoint")
        .contains("not by fentry: on_happening: Operation not permitted (locked down)")
        .contains("types (BTF)");
    assertThat(kernel.calls).endsWith("close alpha", "close beta");
  }

  @Test
  void fallsIllWhenANamedReceiverCannotRun() {
    kernel = new FakeKernel(Set.of("alpha"), List.of());

    int some = ringside("doctor", "--receivers", "alpha");
    int any = ringside("doctor");

    assertThat(some).isEqualTo(1);
    assertThat(any).isZero();
    assertThat(out()).contains("load alpha: Operation not permitted");
  }

  @Test
  void fallsIllWhenTheEndpointDoesNotAnswer() {
    int code = ringside("doctor", "--otlp", "http://127.0.0.1:1");

    assertThat(code).isEqualTo(1);
    assertThat(out()).contains("http://127.0.0.1:1 cannot connect to port 1:");
  }

  @Test
  void tellsProgramsInJson() {
    int code = ringside("doctor", "--json");

    assertThat(code).isZero();
    assertThat(out())
        .startsWith("{\n  \"can_run\": true,")
        .contains("\"mechanism\": \"tracepoint\"")
        .contains("\"kernel_said\": \"Operation not permitted\"");
  }

  @Test
  void coloursOnlyATerminal() {
    ringside("receivers");
    assertThat(out()).doesNotContain("\u001b");

    isTerminal = true;
    ringside("receivers");
    assertThat(out()).contains("\u001b[1malpha");
  }

  @Test
  void honoursNoColor() {
    isTerminal = true;
    environment.put("NO_COLOR", "1");

    ringside("receivers");

    assertThat(out()).doesNotContain("\u001b");
  }
}
