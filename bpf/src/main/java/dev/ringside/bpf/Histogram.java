package dev.ringside.bpf;

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

  private static final int GROUPS = 16;

  /// 10^9 · 2^(k/8) with 33 binary places, without a sign. To compute them would be a tenth of all
  /// the work of starting.
  private static final long[] EIGHTHS = {
    0x7735940000000000L,
    0x81ffa7a9549ca6e3L,
    0x8dc3b8960164a7d9L,
    0x9a9867054d512391L,
    0xa8965f74bf065071L,
    0xb7d88a12d0dd9ea0L,
    0xc87c3e7d03cdbec3L,
    0xdaa17c2cd19555dbL
  };

  private static final int PLACES = 33;
  private static final long[] BOUNDS = bounds();

  /// What both hold.
  ///
  /// @param other null is nothing
  Histogram plus(Histogram other) {
    if (other == null) return this;
    var sums = new long[BUCKETS];
    for (int i = 0; i < BUCKETS; i++) sums[i] = buckets[i] + other.buckets[i];
    boolean less = Long.compareUnsigned(other.minNs, minNs) < 0;
    boolean more = Long.compareUnsigned(other.maxNs, maxNs) > 0;
    return new Histogram(
        count + other.count,
        sumNs + other.sumNs,
        less ? other.minNs : minNs,
        more ? other.maxNs : maxNs,
        zeros + other.zeros,
        sums);
  }

  /// The greatest whole number of nanoseconds that bucket `bucket` counts; for the last few
  /// buckets, which no duration reaches, the greatest `long`.
  public static long boundNs(int bucket) {
    return BOUNDS[bucket];
  }

  /// For each group of four bits, counted from the lowest, and for each value of the eight bits
  /// from there on: the bucket of the least whole number of nanoseconds whose highest group that
  /// is, and that has these bits. It is what `histogram_first` holds. The last bucket where there
  /// is no such number.
  static short[] firstBuckets() {
    var first = new short[GROUPS * 256];
    for (int group = 0; group < GROUPS; group++) {
      int bucket = 0;
      for (int bits = 0; bits < 256; bits++) {
        // In the lowest group four of the eight reach beyond the point; there is one number at the
        // most.
        long least = group == 0 ? bits + 15 >> 4 : (long) bits << 4 * group - 4;
        if (least < 0) bucket = BUCKETS - 1;
        while (bucket < BUCKETS - 1 && BOUNDS[bucket] < least) bucket++;
        first[group << 8 | bits] = (short) bucket;
      }
    }
    return first;
  }

  // floor(10^9 · 2^((i-239)/8)). Cutting off binary places cuts off the fraction, however many
  // there are.
  private static long[] bounds() {
    var bounds = new long[BUCKETS];
    for (int i = 0; i < BUCKETS; i++) {
      int exponent = Math.floorDiv(i - 239, 8);
      long ns = exponent > PLACES ? -1 : EIGHTHS[Math.floorMod(i - 239, 8)] >>> PLACES - exponent;
      bounds[i] = ns < 0 ? Long.MAX_VALUE : ns;
    }
    return bounds;
  }
}
