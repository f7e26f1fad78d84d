package dev.ringside.config.console;

import dev.ringside.config.tree.Printable;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.Aggregation;
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
                .sorted(
                    Comparator.comparing(ConsoleMetricExporter::total)
                        .reversed()
                        .thenComparing(p -> attributes(p.getAttributes())))
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
      case HistogramPointData p -> {
        var range = range(p.getMin(), p.getMax());
        table.row(spread(name, what, p.getCount(), p.getSum(), "", range));
      }
      case ExponentialHistogramPointData p -> {
        var most = "p99 " + Lengths.of(Quantile.of(0.99, p));
        table.row(
            spread(name, what, p.getCount(), p.getSum(), most, range(p.getMin(), p.getMax())));
      }
      default -> {}
    }
  }

  private static String[] spread(
      String name, String what, long count, double sum, String most, String range) {
    if (count == 0) return new String[] {name, what, "0", ""};
    var all = Lengths.of(sum) + " in all";
    var mean = "mean " + Lengths.of(sum / count);
    return new String[] {name, what, String.valueOf(count), all, mean, most, range};
  }

  private static String range(double min, double max) {
    return "from " + Lengths.of(min) + " to " + Lengths.of(max);
  }

  /// What it all took: what costs most stands first.
  private static double total(PointData point) {
    return switch (point) {
      case HistogramPointData p -> p.getSum();
      case ExponentialHistogramPointData p -> p.getSum();
      default -> 0;
    };
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

  /// The kernel's own buckets, from which a percentile can be read.
  @Override
  public Aggregation getDefaultAggregation(InstrumentType type) {
    return type == InstrumentType.HISTOGRAM
        ? Aggregation.base2ExponentialBucketHistogram()
        : Aggregation.defaultAggregation();
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
