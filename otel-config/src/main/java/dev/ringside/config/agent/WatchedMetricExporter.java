package dev.ringside.config.agent;

import dev.ringside.receivers.telemetry.Answer;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.MemoryMode;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Says once when metrics do not arrive, and once when they do again. They are cumulative, so the
/// next export that succeeds makes up for those that did not.
final class WatchedMetricExporter implements MetricExporter {
  private final MetricExporter exporter;
  private final Consumer<String> say;
  private final AtomicBoolean isInTrouble = new AtomicBoolean();

  WatchedMetricExporter(MetricExporter exporter, Consumer<String> say) {
    this.exporter = exporter;
    this.say = say;
  }

  @Override
  public CompletableResultCode export(Collection<MetricData> metrics) {
    var result = exporter.export(metrics);
    result.whenComplete(() -> judge(result));
    return result;
  }

  private void judge(CompletableResultCode result) {
    if (!isInTrouble.compareAndSet(result.isSuccess(), !result.isSuccess())) return;
    if (result.isSuccess()) {
      say.accept("metrics are exported again");
      return;
    }
    var why = Answer.of(result.getFailureThrowable()).said();
    say.accept("metrics could not be exported: " + why + "; the next export makes up for it");
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }

  @Override
  public AggregationTemporality getAggregationTemporality(InstrumentType type) {
    return exporter.getAggregationTemporality(type);
  }

  @Override
  public Aggregation getDefaultAggregation(InstrumentType type) {
    return exporter.getDefaultAggregation(type);
  }

  @Override
  public MemoryMode getMemoryMode() {
    return exporter.getMemoryMode();
  }

  @Override
  public String toString() {
    return exporter.toString();
  }
}
