package dev.ringside.config.console;

import dev.ringside.config.tree.Printable;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import java.io.PrintStream;
import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Collectors;

/// Prints what receivers counted and measured, as a table. Ringside's own metrics are left out:
/// `run` says the same in its closing lines.
public final class ConsoleMetricExporter implements MetricExporter {
  private static final String OWN = "ringside.receiver.";

  private final PrintStream out;
  private final Style style;

  /// @param out not closed by the exporter
  public ConsoleMetricExporter(PrintStream out, Style style) {
    this.out = out;
    this.style = style;
  }

  @Override
  public CompletableResultCode export(Collection<MetricData> metrics) {
    var table = new Columns();
    metrics.stream()
        .filter(m -> !m.getName().startsWith(OWN) && !m.getName().startsWith("process."))
        .sorted(Comparator.comparing(MetricData::getName))
        .forEach(m ->
            m.getData().getPoints().stream()
                .sorted(Comparator.comparing(p -> attributes(p.getAttributes())))
                .forEach(p -> row(table, m, p)));
    if (!table.isEmpty()) out.print("\n" + table);
    out.flush();
    return CompletableResultCode.ofSuccess();
  }

  private void row(Columns table, MetricData metric, PointData point) {
    var name = style.bold(metric.getName().replaceFirst("^ringside\\.", ""));
    var what = attributes(point.getAttributes());
    switch (point) {
      case LongPointData p -> table.row(name, what, String.valueOf(p.getValue()), "");
      case HistogramPointData p ->
          table.row(name, what, spread(p.getCount(), p.getSum(), p.getMin(), p.getMax()), "");
      case ExponentialHistogramPointData p ->
          table.row(name, what, spread(p.getCount(), p.getSum(), p.getMin(), p.getMax()), "");
      default -> {}
    }
  }

  private static String spread(long count, double sum, double min, double max) {
    if (count == 0) return "0";
    return "%d   mean %s, from %s to %s"
        .formatted(count, Lengths.of(sum / count), Lengths.of(min), Lengths.of(max));
  }

  private static String attributes(Attributes attributes) {
    return attributes.asMap().entrySet().stream()
        .map(e -> e.getKey().getKey().replaceFirst("^ringside\\.", "") + "=" + e.getValue())
        .map(Printable::of)
        .collect(Collectors.joining(" "));
  }

  @Override
  public AggregationTemporality getAggregationTemporality(InstrumentType type) {
    return AggregationTemporality.CUMULATIVE;
  }

  @Override
  public CompletableResultCode flush() {
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode shutdown() {
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public String toString() {
    return "ConsoleMetricExporter{}";
  }
}
