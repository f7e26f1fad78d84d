package dev.ringside.receivers.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ringside.bpf.Histogram;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.Base2ExponentialHistogramOptions;
import io.opentelemetry.sdk.metrics.ExplicitBucketHistogramOptions;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The kernel's buckets against the SDK's own aggregation of the same durations.
class HistogramFormTest {
  /// Ten years; more would not fit the sum.
  private static final long LONGEST_NS = 315_360_000_000_000_000L;

  @Test
  void exponentialBucketsAreTheSdksAroundEveryBound() {
    for (int bucket = 8; bucket < Histogram.BUCKETS; bucket++) {
      long bound = Histogram.boundNs(bucket);
      if (bound < 1 || bound > LONGEST_NS) continue;
      // Beyond a hundred seconds a double of seconds no longer tells such neighbours apart surely.
      long step = Math.max(1, bound / 100_000_000_000L);
      var durations = unambiguous(bound - step, bound, bound + step);

      var ours = exponential(160, durations);
      var theirs = sdkExponential(160, durations);

      assertSame(ours, theirs, durations);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 10", "9, 20", "20, 33", "0, 40", "0, 58"})
  void exponentialBucketsAreTheSdksForRandomDurations(int leastPower, int greatestPower) {
    long seed = System.nanoTime();
    System.out.println("HistogramFormTest random seed " + seed);
    var random = new Random(seed);
    for (int round = 0; round < 20; round++) {
      var durations = unambiguous(random(random, 300, leastPower, greatestPower));

      var ours = exponential(160, durations);
      var theirs = sdkExponential(160, durations);

      assertSame(ours, theirs, durations);
    }
  }

  @ParameterizedTest
  @CsvSource({"160", "40", "10", "2"})
  void bucketsAreMergedInPairsLikeTheSdks(int maxBuckets) {
    var all = new ArrayList<Long>();
    for (int bucket = 8; bucket < Histogram.BUCKETS; bucket++) {
      long bound = Histogram.boundNs(bucket);
      if (bound >= 1 && bound <= LONGEST_NS / 1000) all.add(bound);
    }
    var durations = unambiguous(all.stream().mapToLong(Long::longValue).toArray());

    var ours = exponential(maxBuckets, durations);
    var theirs = sdkExponential(maxBuckets, durations);

    assertThat(ours.getScale()).isLessThan(Histogram.SCALE);
    assertSame(ours, theirs, durations);
  }

  /// No skipping here: comparing with a bound needs no logarithm, and rounding a duration to double
  /// cannot take it across a power of two.
  @Test
  void explicitBucketsAreTheSdks() {
    long seed = System.nanoTime();
    System.out.println("HistogramFormTest random seed " + seed);
    var random = new Random(seed);
    var durations = new ArrayList<Long>();
    for (int bucket = 8; bucket < Histogram.BUCKETS; bucket++) {
      long bound = Histogram.boundNs(bucket);
      if (bound < 1 || bound > LONGEST_NS / 10_000) continue;
      durations.addAll(List.of(bound - 1, bound, bound + 1));
    }
    for (long ns : random(random, 5000, 0, 40)) durations.add(ns);
    var values = durations.stream().mapToLong(Long::longValue).toArray();

    var ours = explicit(values);
    var theirs = sdkExplicit(values);

    assertThat(ours.getBoundaries()).hasSize(26).isEqualTo(theirs.getBoundaries());
    assertThat(ours.getCounts()).isEqualTo(theirs.getCounts());
    assertThat(ours.getCount()).isEqualTo(values.length);
    assertThat(ours.getMin()).isEqualTo(theirs.getMin());
    assertThat(ours.getMax()).isEqualTo(theirs.getMax());
    assertThat(ours.getSum()).isEqualTo(exactSum(values));
  }

  @Test
  void anUpperBoundBelongsToItsBucket() {
    var aSecondAndMore = explicit(1_000_000_000L, 1_000_000_001L);

    int upToOne = aSecondAndMore.getBoundaries().indexOf(1.0);
    assertThat(aSecondAndMore.getCounts().get(upToOne)).isEqualTo(1);
    assertThat(aSecondAndMore.getCounts().get(upToOne + 1)).isEqualTo(1);
  }

  @Test
  void zerosHaveNoExponentialBucketAndTheLowestExplicitOne() {
    var exponential = exponential(160, 0, 0, 5);
    var explicit = explicit(0, 0, 5);

    assertThat(exponential.getZeroCount()).isEqualTo(2);
    assertThat(exponential.getPositiveBuckets().getBucketCounts()).containsExactly(1L);
    assertThat(exponential.getCount()).isEqualTo(3);
    assertThat(explicit.getCounts().getFirst()).isEqualTo(3);
  }

  @Test
  void aHistogramOfZerosOnlyHasNoBuckets() {
    var point = exponential(160, 0);

    assertThat(point.getPositiveBuckets().getBucketCounts()).isEmpty();
    assertThat(point.getCount()).isEqualTo(1);
    assertThat(point.getMin()).isZero();
    assertThat(point.getMax()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"1", "999999999", "9007199254740993", "9223372036854775807"})
  void secondsAreTheNearestToTheExactQuotient(long ns) {
    double seconds = MergedHistogram.seconds(ns);

    assertThat(seconds).isEqualTo(BigDecimal.valueOf(ns, 9).doubleValue());
  }

  @Test
  void followsTheExportersDefaultAggregation() {
    var exponential = exponentialAggregation(20);

    assertThat(HistogramForm.of(exponential)).isEqualTo(new HistogramForm.Exponential(160));
    assertThat(HistogramForm.of(Aggregation.defaultAggregation())).isEqualTo(HistogramForm.DEFAULT);
    assertThat(HistogramForm.of(Aggregation.explicitBucketHistogram()))
        .isEqualTo(HistogramForm.DEFAULT);
  }

  @Test
  void refusesBoundsTheKernelHasNoBucketsFor() {
    assertThatThrownBy(() -> new HistogramForm.Explicit(-31, 5))
        .hasMessageContaining("no kernel buckets");
    assertThatThrownBy(() -> new HistogramForm.Explicit(0, 35))
        .hasMessageContaining("no kernel buckets");
  }

  private static void assertSame(
      ExponentialHistogramPointData ours, ExponentialHistogramPointData theirs, long... durations) {
    var what = LongStream.of(durations).boxed().limit(10).toList().toString();
    assertThat(ours.getScale()).as(what).isEqualTo(theirs.getScale());
    assertThat(ours.getZeroCount()).as(what).isEqualTo(theirs.getZeroCount());
    assertThat(ours.getCount()).as(what).isEqualTo(theirs.getCount());
    assertThat(ours.getMin()).as(what).isEqualTo(theirs.getMin());
    assertThat(ours.getMax()).as(what).isEqualTo(theirs.getMax());
    // The SDK adds doubles one by one; ours is the exact sum.
    assertThat(ours.getSum()).as(what).isEqualTo(exactSum(durations));
    assertThat(ours.getSum()).as(what).isCloseTo(theirs.getSum(), within(theirs.getSum() * 1e-9));
    var buckets = ours.getPositiveBuckets();
    assertThat(buckets.getBucketCounts())
        .as(what)
        .isEqualTo(theirs.getPositiveBuckets().getBucketCounts());
    if (buckets.getTotalCount() > 0) {
      assertThat(buckets.getOffset()).as(what).isEqualTo(theirs.getPositiveBuckets().getOffset());
    }
  }

  private static double exactSum(long... durations) {
    return BigDecimal.valueOf(LongStream.of(durations).sum(), 9).doubleValue();
  }

  /// The SDK finds a bucket with a logarithm of a double, which may fall on either side of a bound
  /// that it hits up to rounding. Only such durations are left out: exact powers of two, and those
  /// so large that a nanosecond is no longer told apart.
  private static long[] unambiguous(long... durations) {
    var clear =
        LongStream.of(durations)
            .filter(ns -> {
              if (ns == 0) return true;
              double eighths = Math.log(ns / 1e9) / Math.log(2) * 8;
              return Math.abs(eighths - Math.rint(eighths)) > 1e-12;
            })
            .toArray();
    assertThat(clear).as("enough is left").isNotEmpty();
    return clear;
  }

  private static long[] random(Random random, int count, int leastPower, int greatestPower) {
    return random
        .doubles(count, leastPower, greatestPower)
        .mapToLong(power -> (long) Math.pow(2, power))
        .toArray();
  }

  private static ExponentialHistogramPointData exponential(int maxBuckets, long... durations) {
    return (ExponentialHistogramPointData)
        ours(new HistogramForm.Exponential(maxBuckets), durations);
  }

  private static HistogramPointData explicit(long... durations) {
    return (HistogramPointData) ours(HistogramForm.DEFAULT, durations);
  }

  private static PointData ours(HistogramForm form, long... durations) {
    var merged = new MergedHistogram();
    merged.add(KernelHistograms.of(durations));
    return form.data(Map.of(Attributes.empty(), merged), 1, 2).getPoints().iterator().next();
  }

  private static ExponentialHistogramPointData sdkExponential(int maxBuckets, long... durations) {
    return sdk(exponentialAggregation(maxBuckets), durations)
        .getExponentialHistogramData()
        .getPoints()
        .iterator()
        .next();
  }

  private static Aggregation exponentialAggregation(int maxBuckets) {
    return Aggregation.base2ExponentialBucketHistogram(
        Base2ExponentialHistogramOptions.builder()
            .setMaxBuckets(maxBuckets)
            .setMaxScale(Histogram.SCALE)
            .build());
  }

  private static HistogramPointData sdkExplicit(long... durations) {
    var bounds = new ArrayList<Double>();
    for (int power = -20; power <= 5; power++) bounds.add(Math.pow(2, power));
    return sdk(
            Aggregation.explicitBucketHistogram(
                ExplicitBucketHistogramOptions.builder().setBucketBoundaries(bounds).build()),
            durations)
        .getHistogramData()
        .getPoints()
        .iterator()
        .next();
  }

  private static MetricData sdk(Aggregation aggregation, long... durations) {
    var reader = InMemoryMetricReader.create();
    try (var provider =
        SdkMeterProvider.builder()
            .registerView(
                InstrumentSelector.builder().setName("d").build(),
                View.builder().setAggregation(aggregation).build())
            .registerMetricReader(reader)
            .build()) {
      var histogram = provider.get("test").histogramBuilder("d").build();
      for (long ns : durations) histogram.record(BigDecimal.valueOf(ns, 9).doubleValue());
      return reader.collectAllMetrics().iterator().next();
    }
  }
}
