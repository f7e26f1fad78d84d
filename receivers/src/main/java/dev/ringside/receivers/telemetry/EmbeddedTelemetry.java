package dev.ringside.receivers.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.metrics.export.MetricProducer;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/// Telemetry over a service's own `OpenTelemetry`, like any instrumentation: events through its
/// loggers, spans through its tracers, counters as asynchronous instruments. Its Resource, sampler,
/// processors, limits and exporters decide what becomes of them; what they drop is not seen here.
///
/// Histograms that were built elsewhere cannot be said with the API. They come as a
/// [MetricProducer], which an SDK takes only while it is built, so before there is an
/// `OpenTelemetry` to report to:
///
/// ```java
/// var ringside = new EmbeddedTelemetry(WallClock.of(KernelClock.start()));
/// var meters = SdkMeterProvider.builder()
///     .registerMetricProducer(ringside.histograms(HistogramForm.DEFAULT)) ...
/// var telemetry = ringside.receiver(openTelemetry, "file_open", "1.0");
/// ```
///
/// A service that does not register it has everything but the histograms.
///
/// Threads: what [#receiver] returns is for the polling thread, everything else for any thread.
public final class EmbeddedTelemetry implements AutoCloseable {
  private final WallClock clock;
  private final DeclaredMetrics histograms = new DeclaredMetrics(DeclaredMetrics.CARDINALITY_LIMIT);
  private final Map<String, ReceiverCounts> receivers = new ConcurrentSkipListMap<>();
  private final Queue<Runnable> ends = new ConcurrentLinkedQueue<>();

  public EmbeddedTelemetry(WallClock clock) {
    this.clock = clock;
  }

  /// The telemetry of one receiver. Its scope is `dev.ringside.` and the name. Nothing is known of
  /// threads.
  public Telemetry receiver(OpenTelemetry openTelemetry, String name, String version) {
    return receiver(openTelemetry, name, version, ThreadContexts.NONE);
  }

  /// The same, with what is known of threads.
  public Telemetry receiver(
      OpenTelemetry openTelemetry, String name, String version, ThreadContexts contexts) {
    var counts = receivers.computeIfAbsent(name, ReceiverCounts::new);
    var scope = Origin.scope(name, version);
    return new EmbeddedReceiver(openTelemetry, scope, counts, histograms, clock, contexts, ends);
  }

  /// The receivers' histograms, with the Resource of the SDK that reads them. Never throws.
  public MetricProducer histograms(HistogramForm form) {
    return resource -> List.copyOf(histograms.readHistograms(resource, form));
  }

  /// One account per receiver, by name. Exported means handed to the service's `OpenTelemetry`.
  public List<ExportStatistics> statistics() {
    return receivers.values().stream().map(ReceiverCounts::read).toList();
  }

  /// Says through the service's meter how the receivers do, until this is closed: see
  /// [SelfTelemetry].
  ///
  /// @param running the receivers that run
  public void reportSelf(
      OpenTelemetry openTelemetry, String version, Supplier<List<ReceiverStatus>> running) {
    ends.add(
        EmbeddedSelfTelemetry.register(openTelemetry, version, running, this::statistics)::close);
  }

  /// Unregisters the counters. To be called after the BPF objects are closed.
  @Override
  public void close() {
    Runnable end;
    while ((end = ends.poll()) != null) end.run();
  }
}
