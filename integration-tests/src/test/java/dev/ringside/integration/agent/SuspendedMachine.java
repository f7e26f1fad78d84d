package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.ringside.integration.otlp.LogEvent;
import dev.ringside.integration.otlp.MetricPoint;
import dev.ringside.integration.otlp.OtlpJson;
import dev.ringside.integration.otlp.RealCollector;
import dev.ringside.integration.workload.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// A guest with a kernel of the laboratory, a Collector and the packaged agent in it, that was
/// suspended and woke up. See `lab/suspend`.
///
/// @param directory what it left
record SuspendedMachine(Path directory) {
  private static final Path LAB = Path.of("lab").toAbsolutePath();

  static SuspendedMachine of(String kernel, Path directory, int seconds) throws Exception {
    for (var tool : List.of("qemu-system-x86_64", "busybox", "cpio"))
      assumeTrue(isInstalled(tool), tool + " is not installed");
    var fetch = LAB.resolve("fetch-kernels").toString();
    assumeTrue(
        ends(fetch, "--find", kernel) || ends(fetch, kernel), "there is no kernel " + kernel);
    Programs.target();
    BareRoot.succeeds(
        LAB.resolve("suspend").toString(),
        kernel,
        directory.toString(),
        Integer.toString(seconds),
        Programs.suspends().getParent().toString(),
        BareRoot.made("bare").getParent().toString(),
        RealCollector.program().toString());
    var machine = new SuspendedMachine(directory);
    assertThat(directory.resolve("awaited")).as(machine.said()).exists();
    return machine;
  }

  /// What the workload says of a step of it.
  JsonObject truth(String what) throws IOException {
    return Files.readAllLines(directory.resolve("truth")).stream()
        .map(line -> JsonParser.parseString(line).getAsJsonObject())
        .filter(step -> step.get("what").getAsString().equals(what))
        .findFirst()
        .orElseThrow(() -> new AssertionError("it did not " + what));
  }

  List<LogEvent> events(String name) throws IOException {
    return lines("logs.jsonl").stream()
        .flatMap(line -> OtlpJson.logs(line).stream())
        .filter(event -> event.name().equals("ringside." + name))
        .toList();
  }

  List<MetricPoint> points() throws IOException {
    return lines("metrics.jsonl").stream().flatMap(line -> OtlpJson.points(line).stream()).toList();
  }

  private List<String> lines(String file) throws IOException {
    return Files.readAllLines(directory.resolve(file));
  }

  /// When all had arrived, in seconds since the epoch.
  long awaited() throws IOException {
    return Long.parseLong(Files.readString(directory.resolve("awaited")).strip());
  }

  /// What the agent, the Collector and the guest itself said.
  String said() throws IOException {
    var said = new StringBuilder();
    for (var name : List.of("agent.err", "collector.log", "said", "console.log")) {
      var file = directory.resolve(name);
      if (Files.exists(file)) said.append(name).append(":\n").append(Files.readString(file));
    }
    return said.toString();
  }

  private static boolean isInstalled(String program) {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  private static boolean ends(String... command) throws Exception {
    return new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }
}
