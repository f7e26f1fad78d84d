package dev.ringside.integration.embedded;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.ExemplarData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/// Writes what a service exports to its standard output: one line each, words between tabs.
final class PrintedExports {
  private static final AttributeKey<Long> TID = AttributeKey.longKey("thread.id");
  private static final AttributeKey<String> PATH = AttributeKey.stringKey("file.path");
  private static final AttributeKey<Long> PORT = AttributeKey.longKey("client.port");
  private static final AttributeKey<String> ROLE =
      AttributeKey.stringKey("ringside.network.tcp.handshake.role");

  private final Set<String> opened = new HashSet<>();

  static void say(String... words) {
    System.out.println(String.join("\t", words));
  }

  synchronized void awaitEventOf(Path file) throws InterruptedException {
    while (!opened.contains(file.toString())) wait();
  }

  private synchronized void event(LogRecordData event) {
    var path = event.getAttributes().get(PATH);
    var span = event.getSpanContext();
    say(
        "event",
        Objects.requireNonNull(event.getEventName()),
        String.valueOf(event.getAttributes().get(TID)),
        String.valueOf(path),
        span.getTraceId(),
        span.getSpanId());
    opened.add(path);
    notifyAll();
  }

  private static void span(SpanData span) {
    var link =
        span.getLinks().stream()
            .map(LinkData::getSpanContext)
            .findFirst()
            .orElse(SpanContext.getInvalid());
    say(
        "span",
        span.getName(),
        String.valueOf(span.getAttributes().get(ROLE)),
        String.valueOf(span.getAttributes().get(PORT)),
        link.getTraceId(),
        link.getSpanId());
  }

  private static void metric(MetricData metric) {
    for (var point : metric.getData().getPoints()) {
      for (ExemplarData exemplar : point.getExemplars()) {
        var span = exemplar.getSpanContext();
        say("exemplar", metric.getName(), span.getTraceId(), span.getSpanId());
      }
    }
  }

  LogRecordExporter logs() {
    return new LogRecordExporter() {
      @Override
      public CompletableResultCode export(Collection<LogRecordData> logs) {
        logs.forEach(PrintedExports.this::event);
        return CompletableResultCode.ofSuccess();
      }

      @Override
      public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
      }

      @Override
      public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
      }
    };
  }

  SpanExporter spans() {
    return new SpanExporter() {
      @Override
      public CompletableResultCode export(Collection<SpanData> spans) {
        spans.forEach(PrintedExports::span);
        return CompletableResultCode.ofSuccess();
      }

      @Override
      public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
      }

      @Override
      public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
      }
    };
  }

  MetricExporter metrics() {
    return new MetricExporter() {
      @Override
      public AggregationTemporality getAggregationTemporality(InstrumentType type) {
        return AggregationTemporality.CUMULATIVE;
      }

      @Override
      public CompletableResultCode export(Collection<MetricData> metrics) {
        metrics.forEach(PrintedExports::metric);
        return CompletableResultCode.ofSuccess();
      }

      @Override
      public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
      }

      @Override
      public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
      }
    };
  }
}
