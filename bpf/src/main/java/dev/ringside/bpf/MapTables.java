package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// The two kinds of tables there are: sums of `u64`, and histograms. Rows are collected first and
/// handed out afterwards, so a slow reader does not hold the map.
final class MapTables {
  // struct histogram: sum_ns, max_ns, not_min_ns, zeros, buckets.
  private static final long SUM = 0;
  private static final long MAX = 8;
  private static final long NOT_MIN = 16;
  private static final long ZEROS = 24;
  private static final long FIRST_BUCKET = 32;

  private MapTables() {}

  /// @param reading runs its argument with the map while it is there, else not at all
  static <K> Table<K, Long> sums(String map, Decoder<K> key, Consumer<Consumer<BpfMap>> reading) {
    return row ->
        collect(key, reading, (m, values) -> m.sum(values, 0))
            .forEach(e -> row.accept(e.getKey(), e.getValue()));
  }

  static <K> Table<K, Histogram> histograms(
      String map, Decoder<K> key, Consumer<Consumer<BpfMap>> reading) {
    return row ->
        collect(key, reading, MapTables::histogram)
            .forEach(e -> row.accept(e.getKey(), e.getValue()));
  }

  private static <K, V> List<Map.Entry<K, V>> collect(
      Decoder<K> key,
      Consumer<Consumer<BpfMap>> reading,
      java.util.function.BiFunction<BpfMap, MemorySegment, V> value) {
    var rows = new ArrayList<Map.Entry<K, V>>();
    reading.accept(map ->
        map.forEach((k, values) ->
            rows.add(Map.entry(key.decode(k.address(), k.byteSize()), value.apply(map, values)))));
    return rows;
  }

  static Histogram histogram(BpfMap map, MemorySegment values) {
    var buckets = new long[Histogram.BUCKETS];
    var notMin = new long[1];
    var max = new long[1];
    BiConsumer<MemorySegment, Integer> merge =
        (value, cpu) -> {
          for (int i = 0; i < buckets.length; i++) {
            buckets[i] += value.get(JAVA_LONG, FIRST_BUCKET + 8L * i);
          }
          notMin[0] = unsignedMax(notMin[0], value.get(JAVA_LONG, NOT_MIN));
          max[0] = unsignedMax(max[0], value.get(JAVA_LONG, MAX));
        };
    map.forEachCpu(values, merge::accept);
    long zeros = map.sum(values, ZEROS);
    long count = zeros;
    for (long bucket : buckets) count += bucket;
    return new Histogram(count, map.sum(values, SUM), ~notMin[0], max[0], zeros, buckets);
  }

  private static long unsignedMax(long a, long b) {
    return Long.compareUnsigned(a, b) >= 0 ? a : b;
  }
}
