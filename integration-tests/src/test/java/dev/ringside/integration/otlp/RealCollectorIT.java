package dev.ringside.integration.otlp;

import static dev.ringside.integration.otlp.Messages.SPAN;
import static dev.ringside.integration.otlp.Messages.TRACE;
import static dev.ringside.integration.otlp.Messages.id;
import static dev.ringside.integration.otlp.Messages.logs;
import static dev.ringside.integration.otlp.Messages.resource;
import static dev.ringside.integration.otlp.Messages.scope;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealCollectorIT {
  @TempDir Path directory;

  @Test
  void writesTheLogRecordsItWasSent() throws Exception {
    try (var collector = RealCollector.start(directory)) {
      post(collector.http(), "/v1/logs", logs("it.event"));

      await().until(() -> !collector.logs().isEmpty());
      assertThat(collector.logs())
          .containsExactly(
              new LogEvent(
                  origin(),
                  "it.event",
                  9,
                  1_700_000_000_000_000_001L,
                  1_700_000_000_000_000_002L,
                  TRACE,
                  SPAN,
                  Map.of("process.pid", 7L, "list", List.of("a", "é")),
                  null));
    }
  }

  @Test
  void writesTheSpansItWasSent() throws Exception {
    var span =
        Span.newBuilder()
            .setName("ls")
            .setKind(Span.SpanKind.SPAN_KIND_INTERNAL)
            .setTraceId(id(TRACE))
            .setSpanId(id(SPAN))
            .setParentSpanId(id("1111111111111111"))
            .setStartTimeUnixNano(1)
            .setEndTimeUnixNano(2)
            .setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR));
    var request =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder()
                    .setResource(resource())
                    .addScopeSpans(ScopeSpans.newBuilder().setScope(scope()).addSpans(span)))
            .build();

    try (var collector = RealCollector.start(directory)) {
      post(collector.http(), "/v1/traces", request);

      await().until(() -> !collector.spans().isEmpty());
      assertThat(collector.spans())
          .containsExactly(
              new SpanRecord(
                  origin(),
                  "ls",
                  1,
                  TRACE,
                  SPAN,
                  "1111111111111111",
                  1,
                  2,
                  2,
                  Map.of(),
                  List.of()));
    }
  }

  @Test
  void writesTheMetricsItWasSent() throws Exception {
    var point = NumberDataPoint.newBuilder().setAsInt(5).setTimeUnixNano(2).setStartTimeUnixNano(1);
    var cumulative = AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE;
    var sum =
        Sum.newBuilder()
            .setIsMonotonic(true)
            .setAggregationTemporality(cumulative)
            .addDataPoints(point);
    var histogram =
        ExponentialHistogram.newBuilder()
            .setAggregationTemporality(cumulative)
            .addDataPoints(
                ExponentialHistogramDataPoint.newBuilder()
                    .setCount(3)
                    .setSum(1.5)
                    .setMin(0.25)
                    .setMax(1)
                    .setScale(3)
                    .setPositive(
                        ExponentialHistogramDataPoint.Buckets.newBuilder()
                            .setOffset(-16)
                            .addBucketCounts(2)
                            .addBucketCounts(1)));
    var request =
        ExportMetricsServiceRequest.newBuilder()
            .addResourceMetrics(
                ResourceMetrics.newBuilder()
                    .setResource(resource())
                    .addScopeMetrics(
                        ScopeMetrics.newBuilder()
                            .setScope(scope())
                            .addMetrics(
                                Metric.newBuilder().setName("n").setUnit("{exec}").setSum(sum))
                            .addMetrics(
                                Metric.newBuilder()
                                    .setName("d")
                                    .setUnit("s")
                                    .setExponentialHistogram(histogram))))
            .build();

    try (var collector = RealCollector.start(directory)) {
      post(collector.http(), "/v1/metrics", request);

      await().until(() -> collector.points().size() == 2);
      assertThat(collector.points())
          .containsExactly(
              new MetricPoint(
                  origin(),
                  "n",
                  "",
                  "{exec}",
                  "counter",
                  true,
                  Map.of(),
                  1,
                  2,
                  new MetricPoint.Whole(5)),
              new MetricPoint(
                  origin(),
                  "d",
                  "",
                  "s",
                  "histogram",
                  true,
                  Map.of(),
                  0,
                  0,
                  new MetricPoint.Exponential(3, 1.5, 0.25, 1, 3, 0, -16, List.of(2L, 1L))));
    }
  }

  @Test
  void comesBackOnItsPortsAndGoesOnInItsFiles() throws Exception {
    try (var collector = RealCollector.start(directory)) {
      post(collector.http(), "/v1/logs", logs("before"));
      await().until(() -> collector.logs().size() == 1);
      collector.kill();

      collector.start();
      post(collector.http(), "/v1/logs", logs("after"));

      await().until(() -> collector.logs().size() == 2);
      assertThat(collector.logs()).extracting(LogEvent::name).containsExactly("before", "after");
    }
  }

  @Test
  void passesEverythingOnBesideTheAgent() throws Exception {
    try (var backend = RealCollector.start(directory.resolve("backend"));
        var sidecar =
            RealCollector.start(
                directory.resolve("sidecar"),
                "sidecar.yaml",
                Map.of("BACKEND_OTLP_ENDPOINT", backend.http().toString()))) {
      post(sidecar.http(), "/v1/logs", logs("passed.on"));

      await().until(() -> !backend.logs().isEmpty());
      assertThat(backend.logs()).extracting(LogEvent::name).containsExactly("passed.on");
    }
  }

  private static void post(URI collector, String path, Message request) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var response =
          client.send(
              HttpRequest.newBuilder(collector.resolve(path))
                  .header("Content-Type", "application/x-protobuf")
                  .POST(BodyPublishers.ofByteArray(request.toByteArray()))
                  .build(),
              BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }
  }

  private static Origin origin() {
    return new Origin(Map.of("host.name", "here"), "", "it", "1", "");
  }
}
