package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Histograms that the kernel keeps in pieces, `octave.bpf.h`: an octave is eight neighbouring
/// buckets. Those whose keys differ in nothing else are put together.
///
/// @param key decodes a key without its octave
/// @param octave where the key says which octave it is
/// @param reading runs its argument with the map while it is there, else not at all
record OctaveTable<K>(Decoder<K> key, Btf.Field octave, Consumer<Consumer<BpfMap>> reading)
    implements Table<K, Histogram> {
  // struct octave: sum_ns, max_ns, not_min_ns, zeros, buckets.
  private static final long SUM = 0;
  private static final long MAX = 8;
  private static final long NOT_MIN = 16;
  private static final long ZEROS = 24;
  private static final long FIRST_BUCKET = 32;
  private static final int BUCKETS = 8;

  /// What has been put together so far.
  private static final class Sum {
    private final long[] buckets = new long[Histogram.BUCKETS];
    private long sum;
    private long zeros;
    private long max;
    private long notMin;

    void add(int octave, MemorySegment value) {
      sum += value.get(JAVA_LONG, SUM);
      zeros += value.get(JAVA_LONG, ZEROS);
      max = unsignedMax(max, value.get(JAVA_LONG, MAX));
      notMin = unsignedMax(notMin, value.get(JAVA_LONG, NOT_MIN));
      for (int i = 0; i < BUCKETS; i++) {
        buckets[octave * BUCKETS + i] += value.get(JAVA_LONG, FIRST_BUCKET + 8L * i);
      }
    }

    Histogram histogram() {
      long count = zeros;
      for (long n : buckets) count += n;
      return new Histogram(count, sum, ~notMin, max, zeros, buckets);
    }

    private static long unsignedMax(long a, long b) {
      return Long.compareUnsigned(a, b) >= 0 ? a : b;
    }
  }

  @Override
  public void forEach(BiConsumer<? super K, ? super Histogram> row) {
    var sums = new LinkedHashMap<K, Sum>();
    reading.accept(map ->
        map.forEach((k, values) -> {
          var sum =
              sums.computeIfAbsent(key.decode(k.address(), k.byteSize()), unused -> new Sum());
          int which = k.get(JAVA_SHORT_UNALIGNED, octave.offset());
          map.forEachCpu(values, (value, cpu) -> sum.add(which, value));
        }));
    sums.forEach((k, sum) -> row.accept(k, sum.histogram()));
  }
}
