package dev.ringside.integration.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Decoded events to the bytes of OTLP requests.
final class OtlpBenchmark implements Benchmark {
  private static final double GOAL_MILLIONS = 2;

  @Override
  public String name() {
    return "otlp";
  }

  @Override
  public String title() {
    return "OTLP log records per second of one core";
  }

  @Override
  public String what() {
    return """
    Decoded events go through the receiver, become attributes, and end as the bytes of OTLP/protobuf requests of 512 \
    records, which are thrown away: a million events a round, of 4096 kinds and 200 processes. `process_exec` is \
    of 500 commands, which are known when they come again (Ringside keeps the last 1024), or of 4096, which are \
    forgotten by then, so that each is searched for secrets. Counted is the processor time of the whole process, its collector of garbage and its compilers included. A JVM of its own with \
    C2; three rounds to warm up. Nothing is dropped: what comes in goes out. Reading the events from the ring comes \
    on top, see `ring`.\
    """;
  }

  @Override
  public String peer() {
    return "OpenTelemetry's SDK with the same events from the same receivers: its batch processor with a queue that"
        + " holds them all, its OTLP exporter in the memory mode that reuses objects, a sender that drops the bytes.";
  }

  @Override
  public Duration limit() {
    return Duration.ofMinutes(8);
  }

  @Override
  public Result run(Path directory) throws Exception {
    var table =
        Table.of("Event", "Work", "ns of processor time per record", "million/s per core", "bytes");
    var result = new Result();
    var figures = measured(directory);
    for (var figure : figures) {
      table.row(
          "`" + figure.event() + "`",
          figure.stage(),
          Spread.of(figure.cpuNs()),
          figure.millionPerSecond(),
          figure.bytes() == 0 ? "–" : Math.round(figure.bytes()));
    }
    for (var figure : figures) {
      if (!figure.stage().equals(OtlpEncoding.OURS)) continue;
      double peer =
          figures.stream()
              .filter(f -> f.event().equals(figure.event()) && f.stage().equals(OtlpEncoding.PEER))
              .findFirst()
              .orElseThrow()
              .median();
      result.verdict(
          new Verdict(
              figure.millionPerSecond() >= GOAL_MILLIONS,
              "at least %s million records of `%s` per second and core"
                  .formatted(Figures.text(GOAL_MILLIONS), figure.event()),
              "%s million; %s times as many as the SDK"
                  .formatted(
                      Figures.text(figure.millionPerSecond()),
                      Figures.text(peer / figure.median()))));
    }
    return result.table(table).notMeasured("sending: the system calls, and what the server does");
  }

  private static List<OtlpEncoding.Figure> measured(Path directory)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC"));
    command.addAll(List.of("-XX:+UseCompactObjectHeaders", "-Xms1g", "-Xmx6g", "-Xmn400m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(OtlpEncoding.class.getName());
    var log = directory.resolve("log").toFile();
    var process = new ProcessBuilder(command).redirectError(log).start();
    try {
      var lines = new String(process.getInputStream().readAllBytes()).lines().toList();
      if (process.waitFor() != 0) throw new IOException("OtlpEncoding failed");
      return lines.stream().map(OtlpEncoding::parse).toList();
    } finally {
      process.destroy();
    }
  }
}
