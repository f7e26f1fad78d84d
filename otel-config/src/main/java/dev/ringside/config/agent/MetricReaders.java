package dev.ringside.config.agent;

import dev.ringside.config.export.MetricOutlet;
import dev.ringside.receivers.telemetry.DirectTelemetry;
import dev.ringside.receivers.telemetry.HistogramForm;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Reads what receivers declared, and what the agent says about itself, at each outlet's own interval.
///
/// Each outlet has a meter provider of its own, because histograms take the form that its exporter
/// prefers, and a producer is not told who asks.
final class MetricReaders implements AutoCloseable {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final Resource self;
  private final Consumer<String> say;
  private final List<SdkMeterProvider> providers = new ArrayList<>();

  MetricReaders(Resource self, Consumer<String> say) {
    this.self = self;
    this.say = say;
  }

  void start(MetricOutlet outlet, DirectTelemetry telemetry) {
    var preferred = outlet.exporter().getDefaultAggregation(InstrumentType.HISTOGRAM);
    var exporter = new WatchedMetricExporter(outlet.exporter(), say);
    providers.add(
        SdkMeterProvider.builder()
            .setResource(self)
            .registerMetricReader(
                PeriodicMetricReader.builder(exporter).setInterval(outlet.interval()).build())
            .registerMetricProducer(telemetry.metrics(HistogramForm.of(preferred)))
            .build());
  }

  /// Reads and exports a last time.
  @Override
  public void close() {
    var ends = providers.stream().map(SdkMeterProvider::shutdown).toList();
    CompletableResultCode.ofAll(ends).join(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }
}
