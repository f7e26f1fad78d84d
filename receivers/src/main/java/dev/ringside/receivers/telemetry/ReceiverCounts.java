package dev.ringside.receivers.telemetry;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// One receiver's account. Written by the polling thread and by metric readers, read by anyone.
final class ReceiverCounts {
  private final String receiver;
  private final AtomicLong emitted = new AtomicLong();
  private final AtomicLong exported = new AtomicLong();
  private final AtomicLong failedReads = new AtomicLong();
  private final Map<String, AtomicLong> lost = new ConcurrentHashMap<>();
  private final Map<String, Long> overflowing = new ConcurrentHashMap<>();

  ReceiverCounts(String receiver) {
    this.receiver = receiver;
  }

  String name() {
    return receiver;
  }

  void emitted() {
    emitted.incrementAndGet();
  }

  void exported() {
    exported.incrementAndGet();
  }

  void lost(String reason) {
    lost.computeIfAbsent(reason, r -> new AtomicLong()).incrementAndGet();
  }

  void emitted(long records) {
    emitted.addAndGet(records);
  }

  void exported(long records) {
    exported.addAndGet(records);
  }

  void lost(String reason, long records) {
    if (records > 0) lost.computeIfAbsent(reason, r -> new AtomicLong()).addAndGet(records);
  }

  void failedRead() {
    failedReads.incrementAndGet();
  }

  /// Replaces what the metric's last reading said.
  void overflowing(String metric, long sets) {
    overflowing.put(metric, sets);
  }

  /// Outcomes are read before `emitted`, so that a record on its way never makes the rest negative.
  ExportStatistics read() {
    long out = exported.get();
    var lostByReason = new TreeMap<String, Long>();
    lost.forEach((reason, count) -> lostByReason.put(reason, count.get()));
    long folded = overflowing.values().stream().mapToLong(Long::longValue).sum();
    return new ExportStatistics(
        receiver, emitted.get(), out, lostByReason, failedReads.get(), folded);
  }
}
