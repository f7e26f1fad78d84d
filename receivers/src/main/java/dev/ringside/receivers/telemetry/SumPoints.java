package dev.ringside.receivers.telemetry;

import dev.ringside.semconv.MetricType;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.resources.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Collects the points of many counters for one collection; equal attributes are added up.
final class SumPoints {
  private final Resource resource;
  private final InstrumentationScopeInfo scope;
  private final long startNs;
  private final long nowNs = ObservedTime.unixNanos();
  private final Map<MetricType, Map<Attributes, Long>> totals = new LinkedHashMap<>();
  private final Map<MetricType, Map<Attributes, Double>> seconds = new LinkedHashMap<>();

  SumPoints(Resource resource, InstrumentationScopeInfo scope, long startNs) {
    this.resource = resource;
    this.scope = scope;
    this.startNs = startNs;
  }

  void add(MetricType type, Attributes attributes, long value) {
    totals.computeIfAbsent(type, t -> new LinkedHashMap<>()).merge(attributes, value, Long::sum);
  }

  void addSeconds(MetricType type, Attributes attributes, double value) {
    seconds.computeIfAbsent(type, t -> new LinkedHashMap<>()).merge(attributes, value, Double::sum);
  }

  Map<MetricType, Map<Attributes, Long>> totals() {
    return totals;
  }

  List<MetricData> metrics() {
    var metrics = new ArrayList<MetricData>();
    totals.forEach((type, points) -> metrics.add(longs(type, points)));
    seconds.forEach((type, points) -> metrics.add(doubles(type, points)));
    return metrics;
  }

  private MetricData longs(MetricType type, Map<Attributes, Long> values) {
    var points = new ArrayList<LongPointData>();
    values.forEach((a, value) -> points.add(LongPointData.create(startNs, nowNs, a, value)));
    var data =
        SumData.createLongSumData(isMonotonic(type), AggregationTemporality.CUMULATIVE, points);
    return new MetricRecord(resource, scope, type, MetricDataType.LONG_SUM, data);
  }

  private MetricData doubles(MetricType type, Map<Attributes, Double> values) {
    var points = new ArrayList<DoublePointData>();
    values.forEach(
        (a, value) -> points.add(DoublePointData.create(startNs, nowNs, a, value, List.of())));
    var data =
        SumData.createDoubleSumData(isMonotonic(type), AggregationTemporality.CUMULATIVE, points);
    return new MetricRecord(resource, scope, type, MetricDataType.DOUBLE_SUM, data);
  }

  static boolean isMonotonic(MetricType type) {
    return type.instrument().equals("counter");
  }
}
