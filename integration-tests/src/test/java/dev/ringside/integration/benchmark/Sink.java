package dev.ringside.integration.benchmark;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/// A server that takes OTLP over HTTP and keeps nothing but the first log records.
final class Sink implements AutoCloseable {
  private final HttpServer server;
  private final CompletableFuture<First> first = new CompletableFuture<>();

  /// The first request with log records.
  ///
  /// @param arrivedNs when it was there, by [System#nanoTime]
  /// @param happenedNs when the first event in it happened, in nanoseconds since 1970
  record First(long arrivedNs, long happenedNs) {}

  Sink() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            long now = System.nanoTime();
            if (exchange.getRequestURI().getPath().equals("/v1/logs") && !first.isDone())
              first.complete(first(now, body));
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
          }
        });
    server.start();
  }

  private static First first(long nowNs, byte[] body) throws IOException {
    boolean isGzip = body.length > 1 && body[0] == 0x1f && body[1] == (byte) 0x8b;
    InputStream bytes = new ByteArrayInputStream(body);
    var request = ExportLogsServiceRequest.parseFrom(isGzip ? new GZIPInputStream(bytes) : bytes);
    long happened =
        request.getResourceLogsList().stream()
            .flatMap(resource -> resource.getScopeLogsList().stream())
            .flatMap(scope -> scope.getLogRecordsList().stream())
            .mapToLong(record -> record.getTimeUnixNano())
            .min()
            .orElseThrow(() -> new IOException("a request without log records"));
    return new First(nowNs, happened);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  CompletableFuture<First> first() {
    return first;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
