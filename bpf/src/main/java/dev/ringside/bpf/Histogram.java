package dev.ringside.bpf;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;

/// What a kernel-built histogram (`histogram.bpf.h`) holds at one moment, since its map was
/// created.
///
/// Bucket `i` counts durations in (2^((i-240)/8), 2^((i-239)/8)] seconds: an OpenTelemetry
/// exponential histogram of scale 3 whose first bucket has index -240. See the OpenTelemetry
/// metrics data model, "Exponential Histogram".
///
/// @param count durations recorded
/// @param sumNs their exact sum
/// @param minNs the least; meaningless while count is 0
/// @param maxNs the greatest
/// @param zeros durations of 0 ns, which no bucket holds
/// @param buckets 512 counts
public record Histogram(
    long count, long sumNs, long minNs, long maxNs, long zeros, long[] buckets) {

  public static final int SCALE = 3;
  public static final int BUCKETS = 512;

  /// The exponential-histogram index of `buckets[0]`.
  public static final int FIRST_INDEX = -240;

  private static final long[] BOUNDS = bounds();

  /// The greatest whole number of nanoseconds that bucket `bucket` counts; for the last few
  /// buckets, which no duration reaches, the greatest `long`.
  public static long boundNs(int bucket) {
    return BOUNDS[bucket];
  }

  /// The bucket of the least whole number of nanoseconds whose highest group of four bits is
  /// `group`, counted from the lowest, and whose eight bits from there on are `bits`: what
  /// `histogram_first` holds. The last one where there is no such number.
  static int firstBucket(int group, int bits) {
    // In the lowest group four of the eight reach beyond the point; there is one number at the
    // most.
    long least = group == 0 ? bits + 15 >> 4 : (long) bits << 4 * group - 4;
    if (least < 0) return BUCKETS - 1;
    int at = Arrays.binarySearch(BOUNDS, least);
    int bucket = at < 0 ? -at - 1 : at;
    while (bucket > 0 && BOUNDS[bucket - 1] >= least) bucket--;
    return Math.min(bucket, BUCKETS - 1);
  }

  // floor(10^9 · 2^((i-239)/8)), in integers: the eighth root of 10^72 · 2^(i-239).
  private static long[] bounds() {
    var bounds = new long[BUCKETS];
    var precision = new MathContext(60, RoundingMode.HALF_EVEN);
    var eighths = new BigDecimal[8];
    for (int i = 0; i < 8; i++) {
      var power = new BigDecimal(BigInteger.TWO.pow(i));
      eighths[i] = power.sqrt(precision).sqrt(precision).sqrt(precision);
    }
    for (int i = 0; i < BUCKETS; i++) {
      int exponent = i - 239;
      var two = new BigDecimal(2).pow(Math.floorDiv(exponent, 8), precision);
      var ns = two.multiply(eighths[Math.floorMod(exponent, 8)]).movePointRight(9);
      // Whole powers of two above 2^-9 s are whole nanoseconds; 60 digits leave no doubt about the
      // rest.
      bounds[i] = ns.toBigInteger().min(BigInteger.valueOf(Long.MAX_VALUE)).longValue();
    }
    return bounds;
  }
}
