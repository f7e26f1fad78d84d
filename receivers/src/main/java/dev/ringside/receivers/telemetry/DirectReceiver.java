package dev.ringside.receivers.telemetry;

import dev.ringside.semconv.EventType;
import dev.ringside.semconv.MetricType;
import dev.ringside.semconv.SpanType;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// One receiver's way into [DirectTelemetry]'s pipelines.
///
/// @param ofSpans where spans come from: the same but for the Resource
record DirectReceiver(
    Origin origin,
    Origin ofSpans,
    Pipeline<LogRecord> events,
    Pipeline<CompletedSpan> spans,
    DeclaredMetrics metrics,
    WallClock clock,
    ObservedTime observed,
    ThreadContexts contexts)
    implements Telemetry {

  @Override
  public EventBuilder event(EventType type) {
    return events.begin().begin(origin, type, observed.now());
  }

  @Override
  public CompletedSpanBuilder span(SpanType type) {
    return spans.begin().begin(ofSpans, type);
  }

  @Override
  public void counter(MetricType type, Consumer<CounterPoints> read) {
    metrics.counter(origin.scope(), origin.counts(), type, read);
  }

  @Override
  public void histogram(MetricType type, Consumer<HistogramPoints> read) {
    metrics.histogram(origin.scope(), origin.counts(), type, read);
  }

  @Override
  public void exemplar(
      MetricType histogram,
      Attributes series,
      long durationNs,
      long endBootTimeNs,
      SpanContext span) {
    long end = clock.unixNanos(endBootTimeNs);
    metrics.exemplar(origin.scope(), histogram, series, durationNs, end, span);
  }

  @Override
  public void lost(String reason) {
    origin.counts().emitted();
    origin.counts().lost(reason);
  }

  @Override
  public Instant wallTime(long bootTimeNs) {
    return instant(clock.unixNanos(bootTimeNs));
  }

  @Override
  public long processCreation(long startBootTimeNs) {
    return clock.processCreation(startBootTimeNs);
  }

  static Instant instant(long unixNanos) {
    long second = TimeUnit.SECONDS.toNanos(1);
    return Instant.ofEpochSecond(
        Math.floorDiv(unixNanos, second), Math.floorMod(unixNanos, second));
  }
}
