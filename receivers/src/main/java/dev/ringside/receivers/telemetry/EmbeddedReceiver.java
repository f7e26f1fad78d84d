package dev.ringside.receivers.telemetry;

import dev.ringside.semconv.EventType;
import dev.ringside.semconv.MetricType;
import dev.ringside.semconv.SpanType;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import java.time.Instant;
import java.util.Queue;
import java.util.function.Consumer;

/// One receiver's way into a service's own OpenTelemetry.
final class EmbeddedReceiver implements Telemetry {
  private final InstrumentationScopeInfo scope;
  private final ReceiverCounts counts;
  private final DeclaredMetrics histograms;
  private final WallClock clock;
  private final ThreadContexts contexts;
  private final Queue<Runnable> ends;
  private final Logger logger;
  private final Tracer tracer;
  private final Meter meter;

  EmbeddedReceiver(
      OpenTelemetry openTelemetry,
      InstrumentationScopeInfo scope,
      ReceiverCounts counts,
      DeclaredMetrics histograms,
      WallClock clock,
      ThreadContexts contexts,
      Queue<Runnable> ends) {
    this.scope = scope;
    this.counts = counts;
    this.histograms = histograms;
    this.clock = clock;
    this.contexts = contexts;
    this.ends = ends;
    var name = scope.getName();
    var version = scope.getVersion();
    logger =
        openTelemetry
            .getLogsBridge()
            .loggerBuilder(name)
            .setInstrumentationVersion(version)
            .build();
    tracer = openTelemetry.tracerBuilder(name).setInstrumentationVersion(version).build();
    meter = openTelemetry.meterBuilder(name).setInstrumentationVersion(version).build();
  }

  @Override
  public EventBuilder event(EventType type) {
    return new EmbeddedEvent(logger.logRecordBuilder(), type, clock, counts);
  }

  @Override
  public CompletedSpanBuilder span(SpanType type) {
    return new EmbeddedSpan(tracer, type, clock, counts);
  }

  @Override
  public void counter(MetricType type, Consumer<CounterPoints> read) {
    DeclaredMetrics.checkCounter(type);
    // The SDK bounds the attribute sets of its own instruments. It takes one value for each, so
    // equal ones are added up before.
    var readings =
        Readings.ofCounter(type, scope, counts, DeclaredMetrics.CARDINALITY_LIMIT).add(read);
    Consumer<ObservableLongMeasurement> callback =
        measurement ->
            readings
                .read()
                .ifPresent(points ->
                    points.forEach((attributes, total) -> measurement.record(total, attributes)));
    if (SumPoints.isMonotonic(type)) {
      var counter =
          meter
              .counterBuilder(type.name())
              .setUnit(type.unit())
              .setDescription(type.description())
              .buildWithCallback(callback);
      ends.add(counter::close);
    } else {
      var counter =
          meter
              .upDownCounterBuilder(type.name())
              .setUnit(type.unit())
              .setDescription(type.description())
              .buildWithCallback(callback);
      ends.add(counter::close);
    }
  }

  @Override
  public void histogram(MetricType type, Consumer<HistogramPoints> read) {
    histograms.histogram(scope, counts, type, read);
  }

  @Override
  public void exemplar(
      MetricType histogram,
      Attributes series,
      long durationNs,
      long endBootTimeNs,
      SpanContext span) {
    long end = clock.unixNanos(endBootTimeNs);
    histograms.exemplar(scope, histogram, series, durationNs, end, span);
  }

  @Override
  public ThreadContexts contexts() {
    return contexts;
  }

  @Override
  public void lost(String reason) {
    counts.emitted();
    counts.lost(reason);
  }

  @Override
  public Instant wallTime(long bootTimeNs) {
    return DirectReceiver.instant(clock.unixNanos(bootTimeNs));
  }

  @Override
  public long processCreation(long startBootTimeNs) {
    return clock.processCreation(startBootTimeNs);
  }
}
