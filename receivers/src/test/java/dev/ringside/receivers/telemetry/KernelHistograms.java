package dev.ringside.receivers.telemetry;

import dev.ringside.bpf.Histogram;

/// Records durations as the kernel does (`histogram.bpf.h`).
final class KernelHistograms {
  private KernelHistograms() {}

  static Histogram of(long... durationsNs) {
    var buckets = new long[Histogram.BUCKETS];
    long sum = 0;
    long min = Long.MAX_VALUE;
    long max = 0;
    long zeros = 0;
    for (long ns : durationsNs) {
      sum += ns;
      min = Math.min(min, ns);
      max = Math.max(max, ns);
      if (ns == 0) zeros++;
      else buckets[bucket(ns)]++;
    }
    return new Histogram(durationsNs.length, sum, min, max, zeros, buckets);
  }

  /// The first bucket whose bound is not below the duration.
  static int bucket(long ns) {
    int bucket = 0;
    while (Long.compareUnsigned(Histogram.boundNs(bucket), ns) < 0) bucket++;
    return bucket;
  }
}
