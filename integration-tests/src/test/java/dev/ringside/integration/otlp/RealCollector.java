package dev.ringside.integration.otlp;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// An OpenTelemetry Collector of our own on free loopback ports. What it receives goes to files,
/// read here as records. It can die and come back on the same ports, with the same files.
public final class RealCollector implements AutoCloseable {
  private final Path binary;
  private final Path config;
  private final Path log;
  private final Map<String, String> environment = new HashMap<>();
  private final int grpcPort;
  private final int httpPort;
  private final OtlpFile<LogEvent> logs;
  private final OtlpFile<MetricPoint> points;
  private final OtlpFile<SpanRecord> spans;
  private Process process;

  private RealCollector(Path directory, Path config, Map<String, String> environment)
      throws IOException, InterruptedException {
    this.binary = CollectorBinary.orSkip();
    this.config = config.toAbsolutePath();
    this.log = Files.createDirectories(directory).resolve("collector.log");
    try (var one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      grpcPort = one.getLocalPort();
      httpPort = other.getLocalPort();
    }
    this.environment.putAll(environment);
    this.environment.put("OTLP_GRPC_ENDPOINT", "127.0.0.1:" + grpcPort);
    this.environment.put("OTLP_HTTP_ENDPOINT", "127.0.0.1:" + httpPort);
    this.environment.put("OTLP_FILES", directory.toAbsolutePath().toString());
    logs = new OtlpFile<>(directory.resolve("logs.jsonl"), OtlpJson::logs);
    points = new OtlpFile<>(directory.resolve("metrics.jsonl"), OtlpJson::points);
    spans = new OtlpFile<>(directory.resolve("traces.jsonl"), OtlpJson::spans);
  }

  /// A Collector that writes what it receives into files in `directory`, and takes OTLP when this
  /// returns.
  public static RealCollector start(Path directory) throws IOException, InterruptedException {
    var collector = stopped(directory);
    collector.start();
    return collector;
  }

  /// The same, with ports but not running yet.
  public static RealCollector stopped(Path directory) throws IOException, InterruptedException {
    return new RealCollector(directory, Path.of("collector/tests.yaml"), Map.of());
  }

  /// A Collector with a configuration file of `collector/` and what that takes from its
  /// environment.
  public static RealCollector start(Path directory, String config, Map<String, String> environment)
      throws IOException, InterruptedException {
    var collector = new RealCollector(directory, Path.of("collector", config), environment);
    collector.start();
    return collector;
  }

  /// Its program, for a machine of a test's own.
  public static Path program() throws IOException, InterruptedException {
    return CollectorBinary.orSkip();
  }

  /// Starts it on its ports, for the first time or again, and waits until both take connections.
  public void start() throws IOException {
    var command = new ProcessBuilder(binary.toString(), "--config", config.toString());
    command.environment().putAll(environment);
    command.redirectErrorStream(true);
    command.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    process = command.start();
    await("the Collector's ports")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .failFast("the Collector ended, see " + log, () -> !process.isAlive())
        .until(() -> takesConnections(grpcPort) && takesConnections(httpPort));
  }

  private static boolean takesConnections(int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// Where it takes OTLP over HTTP.
  public URI http() {
    return URI.create("http://127.0.0.1:" + httpPort);
  }

  /// Where it takes OTLP over gRPC.
  public URI grpc() {
    return URI.create("http://127.0.0.1:" + grpcPort);
  }

  public long pid() {
    return process.pid();
  }

  public List<LogEvent> logs() {
    return logs.records();
  }

  public List<MetricPoint> points() {
    return points.records();
  }

  public List<SpanRecord> spans() {
    return spans.records();
  }

  /// What it said on its standard output and error.
  public String log() throws IOException {
    return Files.readString(log);
  }

  /// SIGKILL: nothing is flushed, nobody is told.
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /// Lets it shut down.
  @Override
  public void close() {
    if (process == null) return;
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) kill();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
