package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Histograms of those who call most; the kernel's side is `histogram_of_most.bpf.h`.
///
/// Who has one may change when they are read, once in a while at most. It is done in two steps:
/// somebody is to leave, and the next time has left. What was counted for them until then was
/// handed out with the others; if they come back, it is added again, so that no row of a key has
/// less than the one before. Of so many who left that is known as have a histogram.
final class HistogramsOfMost<K> implements Table<K, Histogram> {

  /// No program of the kernel runs that long.
  static final Duration PAUSE = Duration.ofSeconds(1);

  private final String map;
  private final Decoder<K> key;
  private final Consumer<Consumer<Map<String, BpfMap>>> reading;
  private final LongSupplier nanoTime;

  private final MostCalls<ByteBuffer> most = new MostCalls<>();
  private final Map<ByteBuffer, Histogram> left = new LinkedHashMap<>();
  private Set<ByteBuffer> leaving = Set.of();
  private long changedNs;

  /// @param reading runs its argument with all maps while they are there, else not at all
  /// @param nanoTime as [System#nanoTime]
  HistogramsOfMost(
      String map,
      Decoder<K> key,
      Consumer<Consumer<Map<String, BpfMap>>> reading,
      LongSupplier nanoTime) {
    this.map = map;
    this.key = key;
    this.reading = reading;
    this.nanoTime = nanoTime;
    changedNs = nanoTime.getAsLong() - PAUSE.toNanos();
  }

  @Override
  public synchronized void forEach(BiConsumer<? super K, ? super Histogram> row) {
    var rows = new LinkedHashMap<K, Histogram>();
    reading.accept(maps -> {
      var counted = new LinkedHashMap<ByteBuffer, Histogram>();
      maps.get(map)
          .forEach((k, values) -> {
            var histogram = MapTables.histogram(maps.get(map), values);
            counted.put(bytes(k), histogram);
            rows.put(key.decode(k.address(), k.byteSize()), histogram.plus(left.get(bytes(k))));
          });
      long now = nanoTime.getAsLong();
      if (now - changedNs < PAUSE.toNanos()) return;
      most.passed(Duration.ofNanos(now - changedNs));
      changedNs = now;
      counted.forEach((each, histogram) -> most.counted(each, histogram.count()));
      change(maps, counted);
    });
    rows.forEach(row);
  }

  private void change(Map<String, BpfMap> maps, Map<ByteBuffer, Histogram> counted) {
    var withRoom = maps.get(map);
    takeCalls(maps.get(map + "_others"));
    for (var each : leaving) {
      var last = counted.get(each);
      // The walk over a map that others add to may come past nobody twice, and past somebody never.
      if (last == null) continue;
      withRoom.remove(each.array());
      most.leaves(each);
      left.put(each, last.plus(left.remove(each)));
    }
    for (var each : most.others(leaving.size())) {
      // Somebody may have come first.
      if (withRoom.addZeros(each.array())) most.counted(each, 0);
    }
    forget(withRoom.maxEntries());
    var names = maps.get(map + "_leaving");
    leaving.forEach(each -> names.remove(each.array()));
    leaving = most.toLeave();
    leaving.forEach(each -> names.addZeros(each.array()));
    maps.get(map + "_some_leave").put(0, leaving.size());
  }

  private void takeCalls(BpfMap others) {
    var calls = new LinkedHashMap<ByteBuffer, Long>();
    others.forEach((k, count) -> calls.put(bytes(k), others.sum(count, 0)));
    calls.forEach((each, count) -> {
      others.remove(each.array());
      most.called(each, count);
    });
    most.forget(others.maxEntries());
  }

  private void forget(long entries) {
    var oldest = left.keySet().iterator();
    for (long tooMany = left.size() - entries; tooMany > 0 && oldest.hasNext(); tooMany--) {
      if (!most.hasRoom(oldest.next())) oldest.remove();
    }
  }

  private static ByteBuffer bytes(MemorySegment key) {
    return ByteBuffer.wrap(key.toArray(JAVA_BYTE));
  }
}
