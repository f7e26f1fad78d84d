package dev.ringside.receivers.telemetry;

import dev.ringside.receivers.telemetry.Telemetry.CounterPoints;
import dev.ringside.receivers.telemetry.Telemetry.HistogramPoints;
import dev.ringside.semconv.MetricType;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.DoubleExemplarData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.resources.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/// Everything receivers declared, read anew for each collection and never reset.
///
/// A producer's failure would take the reader's whole collection with it, so what throws is left
/// out and counted. A metric that a receiver declares twice has the points of both.
final class DeclaredMetrics {
  /// What the SDK allows its own instruments.
  static final int CARDINALITY_LIMIT = 2000;

  private final int cardinalityLimit;
  private final Map<String, Readings<CounterPoints, Long>> counters = new ConcurrentSkipListMap<>();
  private final Map<String, Readings<HistogramPoints, MergedHistogram>> histograms =
      new ConcurrentSkipListMap<>();
  private final Map<String, Exemplars> exemplars = new ConcurrentSkipListMap<>();

  DeclaredMetrics(int cardinalityLimit) {
    this.cardinalityLimit = cardinalityLimit;
  }

  void counter(
      InstrumentationScopeInfo scope,
      ReceiverCounts counts,
      MetricType type,
      Consumer<CounterPoints> read) {
    checkCounter(type);
    counters
        .computeIfAbsent(
            key(scope, type), key -> Readings.ofCounter(type, scope, counts, cardinalityLimit))
        .add(read);
  }

  void histogram(
      InstrumentationScopeInfo scope,
      ReceiverCounts counts,
      MetricType type,
      Consumer<HistogramPoints> read) {
    check(type, !type.instrument().equals("histogram"), "histogram");
    check(type, !type.unit().equals("s"), "histogram in seconds");
    histograms
        .computeIfAbsent(
            key(scope, type), key -> Readings.ofHistogram(type, scope, counts, cardinalityLimit))
        .add(read);
  }

  private static String key(InstrumentationScopeInfo scope, MetricType type) {
    return scope.getName() + ' ' + type.name();
  }

  /// Gives an example of what a histogram counted. As with the SDK's own default, it is one only
  /// where its trace is sampled.
  void exemplar(
      InstrumentationScopeInfo scope,
      MetricType type,
      Attributes series,
      long durationNs,
      long endUnixNs,
      SpanContext span) {
    if (!span.isValid() || !span.isSampled()) return;
    double seconds = MergedHistogram.seconds(durationNs);
    exemplars
        .computeIfAbsent(key(scope, type), key -> new Exemplars(cardinalityLimit))
        .add(series, DoubleExemplarData.create(Attributes.empty(), endUnixNs, span, seconds));
  }

  static void checkCounter(MetricType type) {
    check(type, !type.instrument().endsWith("counter"), "counter or updowncounter");
  }

  private static void check(MetricType type, boolean wrong, String expected) {
    if (!wrong) return;
    throw new IllegalArgumentException(
        String.format(
            "declare %s as a %s: the registry says %s in %s; correct one of them",
            type.name(), expected, type.instrument(), type.unit()));
  }

  Collection<MetricData> read(Resource resource, HistogramForm form) {
    var all = new ArrayList<MetricData>();
    for (var readings : counters.values()) {
      readings.read().ifPresent(points -> all.add(counter(resource, readings, points)));
    }
    all.addAll(readHistograms(resource, form));
    return all;
  }

  List<MetricData> readHistograms(Resource resource, HistogramForm form) {
    var all = new ArrayList<MetricData>();
    histograms.forEach((key, readings) ->
        readings
            .read()
            .ifPresent(points -> all.add(histogram(resource, form, key, readings, points))));
    return all;
  }

  private MetricData histogram(
      Resource resource,
      HistogramForm form,
      String key,
      Readings<HistogramPoints, MergedHistogram> readings,
      Map<Attributes, MergedHistogram> points) {
    long now = ObservedTime.unixNanos();
    var examples = exemplars.get(key);
    if (examples != null)
      points.forEach((series, histogram) -> histogram.exemplars(examples.of(series, now)));
    return new MetricRecord(
        resource,
        readings.scope(),
        readings.type(),
        form.dataType(),
        form.data(points, readings.startNs(), now));
  }

  private static MetricData counter(
      Resource resource, Readings<CounterPoints, Long> readings, Map<Attributes, Long> totals) {
    long now = ObservedTime.unixNanos();
    var points = new ArrayList<LongPointData>(totals.size());
    totals.forEach((attributes, total) ->
        points.add(LongPointData.create(readings.startNs(), now, attributes, total)));
    return new MetricRecord(
        resource,
        readings.scope(),
        readings.type(),
        MetricDataType.LONG_SUM,
        SumData.createLongSumData(
            SumPoints.isMonotonic(readings.type()), AggregationTemporality.CUMULATIVE, points));
  }
}
