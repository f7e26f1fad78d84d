package dev.ringside.receivers.telemetry;

import dev.ringside.semconv.MetricType;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.metrics.BatchCallback;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import io.opentelemetry.api.metrics.ObservableMeasurement;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// What Ringside says of itself, through a service's own meter. Not what the process uses: that is
/// the service's to say.
final class EmbeddedSelfTelemetry implements AutoCloseable {
  private static final List<MetricType> TYPES =
      List.of(
          Metrics.RECEIVER_RECORD_PRODUCED,
          Metrics.RECEIVER_RECORD_EXPORTED,
          Metrics.RECEIVER_RECORD_LOST,
          Metrics.RECEIVER_RING_USAGE,
          Metrics.RECEIVER_RING_LIMIT,
          Metrics.RECEIVER_MAP_ENTRY_USAGE,
          Metrics.RECEIVER_MAP_ENTRY_LIMIT,
          Metrics.RECEIVER_HOOK_ATTACHED,
          Metrics.RECEIVER_METRIC_OVERFLOW);

  private final BatchCallback callback;

  private EmbeddedSelfTelemetry(BatchCallback callback) {
    this.callback = callback;
  }

  /// Reports until it is closed; parameters as of [SelfTelemetry].
  static EmbeddedSelfTelemetry register(
      OpenTelemetry openTelemetry,
      String version,
      Supplier<List<ReceiverStatus>> receivers,
      Supplier<List<ExportStatistics>> exports) {
    var scope = Origin.scope("self", version);
    var meter =
        openTelemetry
            .meterBuilder(scope.getName())
            .setInstrumentationVersion(scope.getVersion())
            .build();
    var instruments = new LinkedHashMap<MetricType, ObservableLongMeasurement>();
    for (var type : TYPES) instruments.put(type, instrument(meter, type));
    var all = instruments.values().toArray(ObservableMeasurement[]::new);
    var rest = Arrays.copyOfRange(all, 1, all.length);
    return new EmbeddedSelfTelemetry(
        meter.batchCallback(() -> read(instruments, receivers, exports), all[0], rest));
  }

  private static ObservableLongMeasurement instrument(Meter meter, MetricType type) {
    return SumPoints.isMonotonic(type)
        ? meter
            .counterBuilder(type.name())
            .setUnit(type.unit())
            .setDescription(type.description())
            .buildObserver()
        : meter
            .upDownCounterBuilder(type.name())
            .setUnit(type.unit())
            .setDescription(type.description())
            .buildObserver();
  }

  private static void read(
      Map<MetricType, ObservableLongMeasurement> instruments,
      Supplier<List<ReceiverStatus>> receivers,
      Supplier<List<ExportStatistics>> exports) {
    SelfTelemetry.totals(receivers, exports)
        .forEach((type, points) -> {
          var instrument = instruments.get(type);
          if (instrument == null) return;
          points.forEach((attributes, total) -> instrument.record(total, attributes));
        });
  }

  @Override
  public void close() {
    callback.close();
  }
}
