package dev.ringside.integration.embedded;

import dev.ringside.config.Ringside;
import dev.ringside.config.agent.ReceiverAccount;
import dev.ringside.receivers.linux.OwnProcess;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A service that looks at itself: threads in spans and without do what the kernel can see, and
/// everything that is exported is written to standard output, beside what is true.
final class TracedService {
  static final Duration NAP = Duration.ofMillis(60);

  private final Path directory;
  private final PrintedExports exports;
  private final Tracer tracer;

  private TracedService(Path directory, PrintedExports exports, Tracer tracer) {
    this.directory = directory;
    this.exports = exports;
    this.tracer = tracer;
  }

  public static void main(String[] arguments) throws Exception {
    var directory = Path.of(arguments[0]);
    int pid = Ringside.pid();
    var builder =
        Ringside.builder()
            .threadContexts()
            .receiver(
                "syscall_latency",
                Map.of(
                    "pid", pid, "calls", List.of("futex"), "events", true, "min_duration", "50ms"))
            .receiver(
                "user_function_latency",
                Map.of(
                    "pid",
                    pid,
                    "functions",
                    List.of("libc:getaddrinfo"),
                    "events",
                    true,
                    "min_duration",
                    "0s"))
            .receiver(
                "file_open", Map.of("pid", pid, "events", true, "path_prefix", arguments[0] + "/"))
            .receiver("tcp_connection", Map.of("pid", pid, "spans", true));
    var exports = new PrintedExports();
    var sdk =
        OpenTelemetrySdk.builder()
            .setLoggerProvider(
                SdkLoggerProvider.builder()
                    .addLogRecordProcessor(SimpleLogRecordProcessor.create(exports.logs()))
                    .build())
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exports.spans()))
                    .build())
            .setMeterProvider(
                SdkMeterProvider.builder()
                    .registerMetricProducer(builder.histograms())
                    .registerMetricReader(
                        PeriodicMetricReader.builder(exports.metrics())
                            .setInterval(Duration.ofHours(1))
                            .build())
                    .build())
            .build();
    var ringside = builder.start(sdk);
    try {
      ringside.receivers().stream().filter(r -> !r.isRunning()).forEach(TracedService::failed);
      new TracedService(directory, exports, sdk.getTracer("service")).work();
      // While the kernel's tables can be read.
      sdk.getSdkMeterProvider().forceFlush().join(10, TimeUnit.SECONDS);
    } finally {
      ringside.close();
      sdk.close();
    }
    long leftOut = ringside.receivers().stream().mapToLong(ReceiverAccount::leftOut).sum();
    PrintedExports.say("left out", Long.toString(leftOut));
  }

  private static void failed(ReceiverAccount receiver) {
    PrintedExports.say("failed", receiver.name(), receiver.failure());
  }

  private void work() throws Exception {
    try (var server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
      var first = Thread.ofPlatform().start(() -> inSpan("first", server));
      var second = Thread.ofPlatform().start(() -> inSpan("second", server));
      var without =
          Thread.ofPlatform()
              .start(() -> {
                tell("without", SpanContext.getInvalid());
                request("without", server);
              });
      for (var thread : List.of(first, second, without)) thread.join();
      Thread.ofVirtual().start(this::inVirtualThread).join();
    }
    open("last");
    exports.awaitEventOf(directory.resolve("last"));
  }

  private void inSpan(String name, ServerSocket server) {
    var span = tracer.spanBuilder(name).startSpan();
    try (var _ = span.makeCurrent()) {
      tell(name, span.getSpanContext());
      request(name, server);
      insideAndOutside(name);
    }
    open(name + "-after");
    span.end();
  }

  /// Long over when anybody reads of the first open.
  private void insideAndOutside(String name) {
    var inner = tracer.spanBuilder(name + "-inner").startSpan();
    tell(name + "-inner", inner.getSpanContext());
    open(name + "-before");
    try (var _ = inner.makeCurrent()) {
      open(name + "-inside");
    }
    open(name + "-outside");
    inner.end();
  }

  /// What a request may do, and the kernel sees.
  private void request(String name, ServerSocket server) {
    try {
      long until = System.nanoTime() + NAP.toNanos();
      for (long left = NAP.toNanos(); left > 0; left = until - System.nanoTime())
        LockSupport.parkNanos(left);
      InetAddress.getByName("localhost");
      open(name);
      try (var socket = new Socket(server.getInetAddress(), server.getLocalPort());
          var _ = server.accept()) {
        PrintedExports.say("connection", name, Integer.toString(socket.getLocalPort()));
        // Whoever polls has been round all rings when it has been at this one three times.
        for (int i = 0; i < 3; i++) {
          open(name + "-" + i);
          exports.awaitEventOf(directory.resolve(name + "-" + i));
        }
        forgetContexts();
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// So many changes that nobody knows what was current when the connection was opened.
  private static void forgetContexts() {
    for (int i = 1; i <= 1000; i++) {
      var other =
          SpanContext.create(
              "%032x".formatted(i),
              "%016x".formatted(i),
              TraceFlags.getSampled(),
              TraceState.getDefault());
      Span.wrap(other).makeCurrent().close();
    }
  }

  private void inVirtualThread() {
    var span = tracer.spanBuilder("virtual").startSpan();
    try (var _ = span.makeCurrent()) {
      open("virtual");
    }
    span.end();
  }

  private void tell(String name, SpanContext span) {
    var tid = Integer.toString(OwnProcess.tid());
    PrintedExports.say("thread", name, tid, span.getTraceId(), span.getSpanId());
  }

  private void open(String name) {
    try {
      Files.writeString(directory.resolve(name), name);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
