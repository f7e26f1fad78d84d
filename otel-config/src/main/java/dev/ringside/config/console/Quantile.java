package dev.ringside.config.console;

import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;

/// What a histogram says of single values.
final class Quantile {
  private Quantile() {}

  /// The value that a share of all values does not exceed: the geometric middle of the bucket that
  /// it is in, which is off by at most half a bucket. Buckets and their bounds are those of
  /// [OpenTelemetry](https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram):
  /// number i ends at 2^((i + 1) / 2^scale).
  ///
  /// @param share from 0 to 1
  /// @param point of values that are not negative
  static double of(double share, ExponentialHistogramPointData point) {
    if (point.getCount() == 0) return Double.NaN;
    long rank = Math.max(1, (long) Math.ceil(share * point.getCount()));
    long before = rank - point.getZeroCount();
    if (before <= 0) return 0;
    var buckets = point.getPositiveBuckets();
    var counts = buckets.getBucketCounts();
    for (int i = 0; i < counts.size(); i++) {
      before -= counts.get(i);
      if (before > 0) continue;
      double middle = Math.pow(2, Math.scalb(buckets.getOffset() + i + 0.5, -point.getScale()));
      return Math.clamp(middle, point.getMin(), point.getMax());
    }
    return point.getMax();
  }
}
