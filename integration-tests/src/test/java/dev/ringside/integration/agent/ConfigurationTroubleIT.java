package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Configuration files that nobody would write by hand. The agent reads them with the memory and
/// the stack that it really has.
class ConfigurationTroubleIT {
  private static final String BEGIN = "file_format: \"1.1\"\n";

  @TempDir Path directory;

  static Stream<Arguments> files() {
    return Stream.of(
        Arguments.of("10 MB", "larger than 1 MiB", BEGIN + "# much\n".repeat(10 << 20 >> 3)),
        Arguments.of(
            "a thousand lists in each other",
            "nested",
            BEGIN + "x: " + "[".repeat(1000) + "]".repeat(1000)),
        Arguments.of(
            "half a million lists in each other, none ends",
            "nested",
            BEGIN + "x: " + "[".repeat(500_000)),
        Arguments.of(
            "a thousand mappings in each other",
            "nested",
            BEGIN + lines(1000, i -> " ".repeat(i) + "k:")),
        Arguments.of(
            "a billion items by aliases of aliases",
            "aliases",
            BEGIN
                + "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
                + lines(9, i -> "a%d: &a%d [%s]".formatted(i + 1, i + 1, tenTimes("*a" + i)))));
  }

  private static String lines(int count, Function<Integer, String> line) {
    return IntStream.range(0, count).boxed().map(line).collect(Collectors.joining("\n"));
  }

  private static String tenTimes(String item) {
    return IntStream.range(0, 10).mapToObj(i -> item).collect(Collectors.joining(", "));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void saysWhatIsWrongAndEnds(String name, String said, String content) throws Exception {
    var file = Files.writeString(directory.resolve("agent.yaml"), content);

    try (var agent = AgentProcess.start(directory, Map.of(), "run", "--config=" + file)) {
      assertThat(agent.awaitEnd()).as(agent.err()).isEqualTo(2);
      assertThat(agent.err())
          .contains(file.toString(), said)
          .doesNotContain("Exception", "Error", "\tat ");
      assertThat(agent.err().lines()).hasSizeLessThan(10);
    }
  }

  @Test
  void writesNothingRawToATerminalOfWhatAPersonGave() throws Exception {
    var evil = "\u001b[2J\u009b\u202e";
    var file =
        Files.writeString(
            directory.resolve("evil" + evil + ".yaml"),
            BEGIN
                + "\"loger_provider\\e[2J\": {\"\\u009b\": 1}\n"
                + "instrumentation/development: {java: {ringside: {receivers: {\"\\e[2J\": {},"
                + " file_open: {\"\\e[1m\": 1, min_duration: \"\\e[2J\"}}}}}\n");

    for (var args :
        new String[][] {
          {"run", "--config=" + file},
          {"config", "check", file.toString()},
          {"run", "--receivers=" + evil},
          {"run", "--set=file_open." + evil + "=1"},
          {"run", "--set=file_open.min_duration=" + evil},
          {"run", "--set=process_exec.cgroup=/" + evil},
          {"run", "--otlp=" + evil},
          {"run", "--otlp=http://" + evil + ":4318"},
          {"run", "--" + evil},
          {"doctor", "--receivers=" + evil},
          {"receivers", evil},
          {evil}
        }) {
      try (var agent = AgentProcess.start(directory, Map.of(), args)) {
        assertThat(agent.awaitEnd()).as(agent.err()).isEqualTo(2);
        assertThat(agent.out() + agent.err())
            .as(String.join(" ", args))
            .isNotEmpty()
            .doesNotContain("\u001b", "\u009b", "\u202e");
      }
    }
  }

  @Test
  void keepsThePasswordOfAnEndpointToItself() throws Exception {
    var endpoint = "http://me:s3cr3t-of-mine@127.0.0.1:9";
    for (var args :
        new String[][] {
          {"run", "--otlp=" + endpoint},
          {"run", "--receivers=process_exec", "--set=process_exec.command=none", "--duration=1s"},
          {"doctor", "--receivers=process_exec"}
        }) {
      try (var agent =
          AgentProcess.start(
              directory,
              Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint, "OTEL_EXPORTER_OTLP_TIMEOUT", "500"),
              args)) {
        agent.awaitEnd();
        assertThat(agent.out() + agent.err()).contains("127.0.0.1").doesNotContain("s3cr3t");
      }
    }
  }
}
