package dev.ringside.config.agent;

import dev.ringside.config.export.MetricOutlet;
import dev.ringside.receivers.telemetry.HistogramForm;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.export.MetricProducer;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/// Reads what receivers declared, and what the agent says about itself, at each outlet's own
/// interval.
///
/// Each outlet has a meter provider of its own, because histograms take the form that its exporter
/// prefers, and a producer is not told who asks.
final class MetricReaders implements AutoCloseable {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final Consumer<String> say;
  private final List<SdkMeterProvider> providers = new ArrayList<>();

  MetricReaders(Consumer<String> say) {
    this.say = say;
  }

  void start(
      MetricOutlet outlet, Function<HistogramForm, MetricProducer> receivers, MetricProducer self) {
    var preferred = outlet.exporter().getDefaultAggregation(InstrumentType.HISTOGRAM);
    var exporter = new WatchedMetricExporter(outlet.exporter(), say);
    providers.add(
        SdkMeterProvider.builder()
            // What a reader measures of itself would go out under the SDK's default Resource.
            .registerView(
                InstrumentSelector.builder().setName("otel.sdk.*").build(),
                View.builder().setAggregation(Aggregation.drop()).build())
            .registerMetricReader(
                PeriodicMetricReader.builder(exporter).setInterval(outlet.interval()).build())
            .registerMetricProducer(receivers.apply(HistogramForm.of(preferred)))
            .registerMetricProducer(self)
            .build());
  }

  /// Reads and exports a last time, and shuts the exporters down.
  @Override
  public void close() {
    var ends = providers.stream().map(SdkMeterProvider::shutdown).toList();
    CompletableResultCode.ofAll(ends).join(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }
}
