package dev.ringside.receivers.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/// A server for OTLP over HTTP on loopback, decoding with OpenTelemetry's own protobuf classes.
final class OtlpServer implements AutoCloseable {
  final List<ExportLogsServiceRequest> logs = new CopyOnWriteArrayList<>();
  final List<ExportTraceServiceRequest> traces = new CopyOnWriteArrayList<>();
  final List<ExportMetricsServiceRequest> metrics = new CopyOnWriteArrayList<>();

  /// What it answers; requests that are not answered with 200 are not kept.
  volatile int status = 200;

  private final HttpServer server;

  /// @param port 0 for any
  OtlpServer(int port) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/v1/logs", http -> take(http, ExportLogsServiceRequest::parseFrom, logs));
    server.createContext(
        "/v1/traces", http -> take(http, ExportTraceServiceRequest::parseFrom, traces));
    server.createContext(
        "/v1/metrics", http -> take(http, ExportMetricsServiceRequest::parseFrom, metrics));
    server.start();
  }

  private interface Decoder<T> {
    T decode(byte[] bytes) throws IOException;
  }

  int port() {
    return server.getAddress().getPort();
  }

  String url(String signal) {
    return "http://127.0.0.1:" + port() + "/v1/" + signal;
  }

  private <T> void take(HttpExchange http, Decoder<T> decoder, List<T> taken) throws IOException {
    try (http) {
      boolean gzip = "gzip".equals(http.getRequestHeaders().getFirst("Content-Encoding"));
      var body = gzip ? new GZIPInputStream(http.getRequestBody()) : http.getRequestBody();
      var request = decoder.decode(body.readAllBytes());
      if (status == 200) taken.add(request);
      http.sendResponseHeaders(status, -1);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
