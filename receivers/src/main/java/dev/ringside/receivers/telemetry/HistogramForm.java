package dev.ringside.receivers.telemetry;

import dev.ringside.bpf.Histogram;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramBuckets;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramData;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.data.HistogramData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How kernel histograms are told to OpenTelemetry. Both forms are exact: no duration changes its
/// bucket's bounds, they only become coarser.
public sealed interface HistogramForm {

  /// The SDK's own default for exponential histograms.
  int MAX_BUCKETS = 160;

  /// Buckets from about a microsecond to 32 seconds.
  HistogramForm DEFAULT = new Explicit(-20, 5);

  /// The form of a reader whose exporter has this default aggregation for histograms:
  /// `exporter.getDefaultAggregation(InstrumentType.HISTOGRAM)`.
  static HistogramForm of(Aggregation aggregation) {
    var exponential = Aggregation.base2ExponentialBucketHistogram();
    return aggregation.getClass() == exponential.getClass()
        ? new Exponential(MAX_BUCKETS)
        : DEFAULT;
  }

  MetricDataType dataType();

  Data<?> data(Map<Attributes, MergedHistogram> points, long startNs, long nowNs);

  /// The kernel's buckets as they are, at scale 3: each bound is 1.09 times the one before.
  ///
  /// @param maxBuckets where more are in use, neighbours are merged in pairs, and the scale sinks
  ///   by one for each time
  record Exponential(int maxBuckets) implements HistogramForm {
    public Exponential {
      if (maxBuckets < 2) {
        throw new IllegalArgumentException("an exponential histogram needs at least 2 buckets");
      }
    }

    @Override
    public MetricDataType dataType() {
      return MetricDataType.EXPONENTIAL_HISTOGRAM;
    }

    @Override
    public Data<?> data(Map<Attributes, MergedHistogram> points, long startNs, long nowNs) {
      var data = new ArrayList<ExponentialHistogramPointData>(points.size());
      points.forEach((attributes, h) -> data.add(point(attributes, h, startNs, nowNs)));
      return ExponentialHistogramData.create(AggregationTemporality.CUMULATIVE, data);
    }

    private ExponentialHistogramPointData point(
        Attributes attributes, MergedHistogram h, long startNs, long nowNs) {
      var positive = buckets(h.buckets());
      return ExponentialHistogramPointData.create(
          positive.getScale(),
          h.sumSeconds(),
          h.zeros(),
          h.hasExtremes(),
          h.minSeconds(),
          h.hasExtremes(),
          h.maxSeconds(),
          positive,
          ExponentialHistogramBuckets.create(positive.getScale(), 0, List.of()),
          startNs,
          nowNs,
          attributes,
          h.exemplars());
    }

    private ExponentialHistogramBuckets buckets(long[] counts) {
      int first = 0;
      int last = counts.length - 1;
      while (first <= last && counts[first] == 0) first++;
      while (last >= first && counts[last] == 0) last--;
      if (first > last) return ExponentialHistogramBuckets.create(Histogram.SCALE, 0, List.of());
      int low = first + Histogram.FIRST_INDEX;
      int high = last + Histogram.FIRST_INDEX;
      int merges = 0;
      // Index i at one scale is index i >> 1 at the next lower one, also below zero.
      while ((high >> merges) - (low >> merges) + 1 > maxBuckets) merges++;
      int offset = low >> merges;
      var merged = new long[(high >> merges) - offset + 1];
      for (int i = first; i <= last; i++) {
        merged[((i + Histogram.FIRST_INDEX) >> merges) - offset] += counts[i];
      }
      return ExponentialHistogramBuckets.create(Histogram.SCALE - merges, offset, list(merged));
    }
  }

  /// Bounds that are powers of two of a second; they coincide with every eighth of the kernel's.
  ///
  /// @param leastPower 2^leastPower s is the lowest bound; zero durations are below it
  /// @param greatestPower 2^greatestPower s is the highest bound, and what is above has one bucket
  record Explicit(int leastPower, int greatestPower) implements HistogramForm {
    /// The index at scale 3 of the bucket whose upper bound is 2^0 s.
    private static final int LAST_BELOW_ONE = -1;

    private static final int PER_POWER = 1 << Histogram.SCALE;

    public Explicit {
      if (leastPower > greatestPower || bucketUpTo(leastPower) < 0) {
        throw new IllegalArgumentException(
            "no kernel buckets for bounds from 2^" + leastPower + " to 2^" + greatestPower + " s");
      }
      if (bucketUpTo(greatestPower) >= Histogram.BUCKETS) {
        throw new IllegalArgumentException("no kernel buckets up to 2^" + greatestPower + " s");
      }
    }

    @Override
    public MetricDataType dataType() {
      return MetricDataType.HISTOGRAM;
    }

    @Override
    public Data<?> data(Map<Attributes, MergedHistogram> points, long startNs, long nowNs) {
      var bounds = new ArrayList<Double>();
      for (int power = leastPower; power <= greatestPower; power++) {
        bounds.add(Math.scalb(1.0, power));
      }
      var data = new ArrayList<HistogramPointData>(points.size());
      points.forEach((attributes, h) -> data.add(point(attributes, h, bounds, startNs, nowNs)));
      return HistogramData.create(AggregationTemporality.CUMULATIVE, data);
    }

    private HistogramPointData point(
        Attributes attributes, MergedHistogram h, List<Double> bounds, long startNs, long nowNs) {
      var point =
          HistogramPointData.create(
              startNs,
              nowNs,
              attributes,
              h.sumSeconds(),
              h.hasExtremes(),
              h.minSeconds(),
              h.hasExtremes(),
              h.maxSeconds(),
              bounds,
              counts(h));
      return h.exemplars().isEmpty() ? point : new PointWithExemplars(point, h.exemplars());
    }

    private List<Long> counts(MergedHistogram h) {
      var counts = new long[greatestPower - leastPower + 2];
      counts[0] = h.zeros();
      int bucket = 0;
      for (int power = leastPower; power <= greatestPower; power++) {
        while (bucket <= bucketUpTo(power)) counts[power - leastPower] += h.buckets()[bucket++];
      }
      while (bucket < Histogram.BUCKETS) counts[counts.length - 1] += h.buckets()[bucket++];
      return list(counts);
    }

    /// The kernel's bucket whose upper bound is 2^power s.
    private static int bucketUpTo(int power) {
      return power * PER_POWER + LAST_BELOW_ONE - Histogram.FIRST_INDEX;
    }
  }

  private static List<Long> list(long[] counts) {
    var list = new ArrayList<Long>(counts.length);
    for (long count : counts) list.add(count);
    return list;
  }
}
