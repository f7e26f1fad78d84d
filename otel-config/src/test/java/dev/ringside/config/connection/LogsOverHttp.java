package dev.ringside.config.connection;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;

/// A server for OTLP logs over HTTP on loopback that answers as it is told, and then well.
final class LogsOverHttp implements AutoCloseable {
  record Reply(int status, String retryAfter, byte[] body) {
    static Reply of(int status) {
      return new Reply(status, null, new byte[0]);
    }

    static Reply later(int status, String retryAfter) {
      return new Reply(status, retryAfter, new byte[0]);
    }

    static Reply partial(long rejected, String why) {
      var partial =
          ExportLogsPartialSuccess.newBuilder()
              .setRejectedLogRecords(rejected)
              .setErrorMessage(why);
      var body = ExportLogsServiceResponse.newBuilder().setPartialSuccess(partial).build();
      return new Reply(200, null, body.toByteArray());
    }
  }

  final Queue<Reply> script = new ConcurrentLinkedQueue<>();
  final AtomicInteger requests = new AtomicInteger();

  /// Records that it answered well to.
  final AtomicInteger taken = new AtomicInteger();

  /// Larger requests are refused with 413.
  volatile int largest = Integer.MAX_VALUE;

  private final HttpServer server;

  /// The pids of what it took, in order.
  final List<Long> pids = Collections.synchronizedList(new ArrayList<>());

  LogsOverHttp() throws IOException {
    this(0);
  }

  LogsOverHttp(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/v1/logs", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange http) throws IOException {
    try (http) {
      requests.incrementAndGet();
      boolean gzip = "gzip".equals(http.getRequestHeaders().getFirst("Content-Encoding"));
      InputStream body = http.getRequestBody();
      var bytes = (gzip ? new GZIPInputStream(body) : body).readAllBytes();
      var reply = bytes.length > largest ? Reply.of(413) : script.poll();
      if (reply == null) reply = Reply.of(200);
      if (reply.status == 200) {
        var batch =
            ExportLogsServiceRequest.parseFrom(bytes).getResourceLogsList().stream()
                .flatMap(resource -> resource.getScopeLogsList().stream())
                .flatMap(scope -> scope.getLogRecordsList().stream())
                .map(log -> log.getAttributes(0).getValue().getIntValue())
                .toList();
        pids.addAll(batch);
        taken.addAndGet(batch.size());
      }
      if (reply.retryAfter != null) http.getResponseHeaders().set("Retry-After", reply.retryAfter);
      http.sendResponseHeaders(reply.status, reply.body.length == 0 ? -1 : reply.body.length);
      http.getResponseBody().write(reply.body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
