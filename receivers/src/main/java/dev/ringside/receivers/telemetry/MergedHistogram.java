package dev.ringside.receivers.telemetry;

import dev.ringside.bpf.Histogram;
import io.opentelemetry.sdk.metrics.data.DoubleExemplarData;
import java.math.BigDecimal;
import java.util.List;

/// The sum of kernel histograms whose points have equal attributes.
final class MergedHistogram {
  private static final double NS_PER_SECOND = 1e9;

  /// Every whole number up to here is a `double`.
  private static final long EXACT_IN_DOUBLE = 1L << 53;

  private final long[] buckets = new long[Histogram.BUCKETS];
  private long zeros;
  private long sumNs;
  private long minNs = Long.MAX_VALUE;
  private long maxNs = Long.MIN_VALUE;
  private List<DoubleExemplarData> exemplars = List.of();

  void add(Histogram other) {
    if (other.count() == 0) return;
    for (int i = 0; i < buckets.length; i++) buckets[i] += other.buckets()[i];
    zeros += other.zeros();
    sumNs += other.sumNs();
    minNs = Math.min(minNs, other.minNs());
    maxNs = Math.max(maxNs, other.maxNs());
  }

  /// What the buckets hold. The kernel goes on counting while it is read, so its own total may be a
  /// little ahead; a point's count must be that of its buckets.
  long count() {
    long count = zeros;
    for (long bucket : buckets) count += bucket;
    return count;
  }

  /// Bucket `i` has the exponential index `i + Histogram.FIRST_INDEX` at `Histogram.SCALE`.
  long[] buckets() {
    return buckets;
  }

  long zeros() {
    return zeros;
  }

  double sumSeconds() {
    return seconds(sumNs);
  }

  boolean hasExtremes() {
    return minNs <= maxNs;
  }

  double minSeconds() {
    return hasExtremes() ? seconds(minNs) : 0;
  }

  double maxSeconds() {
    return hasExtremes() ? seconds(maxNs) : 0;
  }

  void exemplars(List<DoubleExemplarData> some) {
    exemplars = some;
  }

  List<DoubleExemplarData> exemplars() {
    return exemplars;
  }

  /// The `double` nearest to the exact quotient. One division of two exact numbers is that; beyond
  /// 2^53 ns (104 days in all) the dividend would be rounded first.
  static double seconds(long ns) {
    return Math.abs(ns) <= EXACT_IN_DOUBLE
        ? ns / NS_PER_SECOND
        : BigDecimal.valueOf(ns, 9).doubleValue();
  }
}
