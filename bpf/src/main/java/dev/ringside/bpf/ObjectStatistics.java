package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Reads what the kernel side counted: per ring in its `<ring>_counts`, per map in the globals
/// `<map>_lost` and `<map>_missed`.
record ObjectStatistics(Map<String, BpfMap> maps, Btf btf) {
  // struct ring_counts: produced, lost.
  private static final long PRODUCED = 0;
  private static final long LOST = 8;

  List<RingStatistics> rings(List<RingReader> readers) {
    var all = new ArrayList<RingStatistics>();
    try (var arena = Arena.ofConfined()) {
      var first = Native.intSegment(arena, 0);
      for (var ring : readers) {
        var counts = maps.get(ring.name() + "_counts");
        // Our own counts first: what arrives in between is waiting, not missing.
        long handled = ring.handled();
        long failed = ring.failed();
        var values = counts.lookup(first, arena);
        all.add(
            new RingStatistics(
                ring.name(),
                counts.sum(values, PRODUCED),
                counts.sum(values, LOST),
                handled,
                failed,
                ring.size(),
                ring.waiting()));
      }
    }
    return all;
  }

  List<MapStatistics> fills() {
    var all = new ArrayList<MapStatistics>();
    for (var map : maps.values()) {
      // Sections of globals, rings (reported as such) and arrays have no fill.
      if (map.name().contains(".") || map.type() == BpfMap.RINGBUF) continue;
      if (!map.isHash() && map.type() != BpfMap.TASK_STORAGE) continue;
      all.add(
          new MapStatistics(
              map.name(),
              map.count(),
              map.maxEntries(),
              counted(map.name() + "_lost"),
              counted(map.name() + "_missed")));
    }
    return all;
  }

  private long counted(String name) {
    for (var section : List.of(".bss", ".data")) {
      var global = btf.global(section, name);
      if (global.isEmpty()) continue;
      for (var candidate : maps.values()) {
        if (!candidate.name().endsWith(section)) continue;
        try (var arena = Arena.ofConfined()) {
          return candidate
              .lookup(Native.intSegment(arena, 0), arena)
              .get(JAVA_LONG_UNALIGNED, global.get().offset());
        }
      }
    }
    return 0;
  }
}
