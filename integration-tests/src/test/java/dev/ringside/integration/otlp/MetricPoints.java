package dev.ringside.integration.otlp;

import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.util.List;
import java.util.function.Consumer;

/// Flattens a metric into its points.
record MetricPoints(
    Origin origin, Metric metric, String instrument, boolean cumulative, Consumer<MetricPoint> to) {

  static void read(Origin origin, Metric metric, Consumer<MetricPoint> to) {
    switch (metric.getDataCase()) {
      case SUM -> {
        var sum = metric.getSum();
        var instrument = sum.getIsMonotonic() ? "counter" : "updowncounter";
        of(origin, metric, instrument, sum.getAggregationTemporality(), to)
            .numbers(sum.getDataPointsList());
      }
      case GAUGE ->
          new MetricPoints(origin, metric, "gauge", false, to)
              .numbers(metric.getGauge().getDataPointsList());
      case HISTOGRAM ->
          of(origin, metric, "histogram", metric.getHistogram().getAggregationTemporality(), to)
              .histograms();
      case EXPONENTIAL_HISTOGRAM ->
          of(
                  origin,
                  metric,
                  "histogram",
                  metric.getExponentialHistogram().getAggregationTemporality(),
                  to)
              .exponentialHistograms();
      default -> throw new AssertionError("no test expects a metric like " + metric);
    }
  }

  private static MetricPoints of(
      Origin origin,
      Metric metric,
      String instrument,
      AggregationTemporality temporality,
      Consumer<MetricPoint> to) {
    boolean cumulative = temporality == AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE;
    return new MetricPoints(origin, metric, instrument, cumulative, to);
  }

  private void numbers(List<NumberDataPoint> points) {
    for (var p : points) {
      var value =
          p.hasAsInt()
              ? new MetricPoint.Whole(p.getAsInt())
              : new MetricPoint.Real(p.getAsDouble());
      add(p.getAttributesList(), p.getStartTimeUnixNano(), p.getTimeUnixNano(), value);
    }
  }

  private void histograms() {
    for (var p : metric.getHistogram().getDataPointsList()) {
      var value =
          new MetricPoint.Explicit(
              p.getCount(),
              p.getSum(),
              p.getMin(),
              p.getMax(),
              p.getExplicitBoundsList(),
              p.getBucketCountsList());
      add(p.getAttributesList(), p.getStartTimeUnixNano(), p.getTimeUnixNano(), value);
    }
  }

  private void exponentialHistograms() {
    for (var p : metric.getExponentialHistogram().getDataPointsList()) {
      if (p.getNegative().getBucketCountsCount() > 0)
        throw new AssertionError("a negative duration: " + p);
      var value =
          new MetricPoint.Exponential(
              p.getCount(),
              p.getSum(),
              p.getMin(),
              p.getMax(),
              p.getScale(),
              p.getZeroCount(),
              p.getPositive().getOffset(),
              p.getPositive().getBucketCountsList());
      add(p.getAttributesList(), p.getStartTimeUnixNano(), p.getTimeUnixNano(), value);
    }
  }

  private void add(List<KeyValue> attributes, long startNs, long timeNs, MetricPoint.Value value) {
    to.accept(
        new MetricPoint(
            origin,
            metric.getName(),
            metric.getDescription(),
            metric.getUnit(),
            instrument,
            cumulative,
            OtlpJson.attributes(attributes),
            startNs,
            timeNs,
            value));
  }
}
