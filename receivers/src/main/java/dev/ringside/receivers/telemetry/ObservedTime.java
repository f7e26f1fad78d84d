package dev.ringside.receivers.telemetry;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/// When Ringside saw something: wall time, without making an object per look.
///
/// The monotonic clock plus its distance from the wall clock, which is measured again in every
/// [#refresh]. For the polling thread.
final class ObservedTime {
  private long wallMinusMonotonicNs;

  ObservedTime() {
    refresh();
  }

  void refresh() {
    wallMinusMonotonicNs = unixNanos() - System.nanoTime();
  }

  long now() {
    return System.nanoTime() + wallMinusMonotonicNs;
  }

  static long unixNanos() {
    return unixNanos(Instant.now());
  }

  static long unixNanos(Instant time) {
    return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
  }
}
