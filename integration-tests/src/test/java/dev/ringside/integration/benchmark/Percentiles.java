package dev.ringside.integration.benchmark;

import dev.ringside.bpf.Histogram;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;

/// How far a 99th percentile read from buckets is from the true one, for durations whose
/// distribution is known. The buckets are those that the kernel fills (`HistogramIT` holds them
/// against the kernel's own); no time is measured here.
final class Percentiles {
  private static final int DURATIONS = 100_000;

  /// Goal, in percent.
  private static final double WITHIN = 5;

  private Percentiles() {}

  static void add(Result result) {
    var table =
        Table.of(
            "Durations",
            "true p99, µs",
            "eight buckets per power of two",
            "off by, %",
            "one bucket, its upper bound",
            "off by, %",
            "one bucket, its middle",
            "off by, %");
    double worst = 0;
    for (var of : Distribution.values()) {
      long[] durations = of.durations();
      long truth = durations[rank() - 1];
      double eighths = eighths(durations);
      double bound = Long.highestOneBit(truth) * 2.0;
      double middle = Long.highestOneBit(truth) * Math.sqrt(2);
      worst = Math.max(worst, Math.abs(off(eighths, truth)));
      table.row(
          of.text,
          micros(truth),
          micros(eighths),
          Figures.text(off(eighths, truth)),
          micros(bound),
          Figures.text(off(bound, truth)),
          micros(middle),
          Figures.text(off(middle, truth)));
    }
    result.verdict(
        Verdict.atMost(
            WITHIN,
            worst,
            "p99 within 5 % of the true one",
            "%s %%".formatted(Figures.text(worst))));
    result.note(
        """
        A 99th percentile of %s durations, as a reader estimates it from buckets: the geometric middle of the one \
        that it is in, from Ringside's; and from one bucket per power of two, as peers print them, the upper bound \
        or the middle. Wherever it falls into its bucket, these are off by at most 4.4, 100 and 41 %%.\
        """
            .formatted(Figures.text(DURATIONS)));
    result.table(table);
  }

  private enum Distribution {
    UNIFORM("uniform, 1 to 100 µs") {
      @Override
      DoubleSupplier of(Random random) {
        return () -> 1_000 + 99_000 * random.nextDouble();
      }
    },
    LOG_NORMAL("log-normal, median 20 µs, sigma 1") {
      @Override
      DoubleSupplier of(Random random) {
        return () -> 20_000 * Math.exp(random.nextGaussian());
      }
    },
    BIMODAL("bimodal, 95 % about 2 µs and 5 % about 5 ms") {
      @Override
      DoubleSupplier of(Random random) {
        return () ->
            (random.nextDouble() < 0.95 ? 2_000 : 5_000_000) * (1 + 0.1 * random.nextGaussian());
      }
    };

    final String text;

    Distribution(String text) {
      this.text = text;
    }

    abstract DoubleSupplier of(Random random);

    /// Sorted, in nanoseconds, the same in every run.
    long[] durations() {
      return DoubleStream.generate(of(new Random(99)))
          .limit(DURATIONS)
          .mapToLong(Math::round)
          .sorted()
          .toArray();
    }
  }

  private static int rank() {
    return DURATIONS / 100 * 99;
  }

  private static double eighths(long[] durations) {
    var buckets = new long[Histogram.BUCKETS];
    for (long ns : durations) buckets[bucket(ns)]++;
    long before = 0;
    int bucket = 0;
    while ((before += buckets[bucket]) < rank()) bucket++;
    return Math.sqrt((double) Histogram.boundNs(bucket - 1) * Histogram.boundNs(bucket));
  }

  private static int bucket(long ns) {
    int bucket = 0;
    while (Histogram.boundNs(bucket) < ns) bucket++;
    return bucket;
  }

  private static double off(double estimate, double truth) {
    return (estimate / truth - 1) * 100;
  }

  private static String micros(double ns) {
    return Figures.text(ns / 1000);
  }
}
